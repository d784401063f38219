// Panel `motion` on the wall: the text before the room, while nobody speaks and nothing is being decided.
import { html } from "../../vendor/ui.js";
import { Prose } from "../marks/prose.js";
import { ItemHead } from "./agenda.js";
import { lengthOf } from "./poll.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Motion({ panels }) {
  const { motion, speaker_queue: queue } = panels;
  return html`<main class="projector-body consent">
    <${ItemHead} panels=${panels} />
    <div>
      <p class="kicker"><b><i class="dot"></i>表决事项</b>还没有开启表决</p>
      <p class="text" data-length=${lengthOf(motion.text)} data-alone="yes"><${Prose} text=${motion.text} /></p>
    </div>
    <p class="kicker">${queue.open ? "有话要说，请申请发言：先说赞成还是反对，再说理由。" : "请大家看清楚、听清楚，再决定。"}</p>
  </main>`;
}
