// Panel `motion` on the phone: the text before the room, with the amendments that wait.
import { html } from "../../vendor/ui.js";
import { Changes } from "../marks/changes.js";
import { Prose } from "../marks/prose.js";

/** @param {{panels: any}} props */
export function Motion({ panels }) {
  const { motion } = panels;
  if (!motion) return null;
  const waiting = motion.amendments.filter((/** @type {any} */ one) => one.state === "pending");
  return html`<div class="worded"><p class="kicker">${motion.draft ? "正在起草，还没有定" : "表决事项"}</p><p class="song"><${Prose} text=${motion.text} /></p>
    ${waiting.map(
      (
        /** @type {any} */ one,
      ) => html`<p class="kicker" key=${one.id}>第${one.number}条修改意见 · ${one.proposer.party} ${one.proposer.name}</p>
        <p class="song" key=${`${one.id}-text`}><${Changes} changes=${one.changes} /></p>`,
    )}</div>`;
}
