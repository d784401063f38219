// Panel `motion` on the wall: the text before the room, whenever nobody speaks.
import { html } from "../../vendor/ui.js";
import { Prose } from "../marks/prose.js";

/** @param {{panels: any, kicker: string}} props */
export function Motion({ panels, kicker }) {
  const { motion } = panels;
  return html`<p class="kicker"><b><i class="dot"></i>表决事项</b> ${kicker}</p>
    <p class="text" data-length=${motion.text.length > 70 ? "long" : undefined}><${Prose} text=${motion.text} /></p>`;
}
