// Panel `motion` on the phone: the text before the room.
import { html } from "../../vendor/ui.js";
import { Prose } from "../marks/prose.js";

/** @param {{panels: any}} props */
export function Motion({ panels }) {
  const { motion } = panels;
  if (!motion) return null;
  return html`<div class="worded"><p class="kicker">表决事项</p><p class="song"><${Prose} text=${motion.text} /></p></div>`;
}
