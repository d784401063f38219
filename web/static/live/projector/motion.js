// Panel `motion` on the wall: the text before the room, with what an amendment would change in it.
import { html } from "../../vendor/ui.js";
import { Changes, readText } from "../marks/changes.js";
import { Prose } from "../marks/prose.js";
import { ItemHead } from "./agenda.js";
import { lengthOf } from "./poll.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Motion({ panels }) {
  const { motion, speaker_queue: queue } = panels;
  const waiting = motion.amendments.filter((/** @type {any} */ one) => one.state === "pending");
  if (waiting.length)
    return html`<${Amendment} panels=${panels} amendment=${waiting[0]} count=${waiting.length} />`;
  const hint = motion.draft
    ? "文字还在写，大家边看边提。"
    : queue.open
      ? "有话要说，请申请发言：先说赞成还是反对，再说理由。"
      : "请大家看清楚、听清楚，再决定。";
  return html`<main class="projector-body consent">
    <${ItemHead} panels=${panels} />
    <div>
      <p class="kicker"><b><i class="dot"></i>${motion.draft ? "正在起草" : "表决事项"}</b>${motion.draft ? "还没有定下来" : "还没有开启表决"}</p>
      <p class="text" data-length=${lengthOf(motion.text)} data-alone="yes"><${Prose} text=${motion.text} /></p>
    </div>
    <p class="kicker">${hint}</p>
  </main>`;
}

/** @param {{panels: any, amendment: any, count: number}} props */
function Amendment({ panels, amendment, count }) {
  const { proposer } = amendment;
  return html`<main class="projector-body consent">
    <${ItemHead} panels=${panels} note="修改意见" />
    <div>
      <p class="kicker"><b><i class="dot"></i>第${amendment.number}条修改意见</b>${proposer.party} ${proposer.name}提出</p>
      <p class="text" data-length=${lengthOf(readText(amendment.changes))} data-alone="yes"><${Changes} changes=${amendment.changes} /></p>
    </div>
    <p class="kicker">划去的是去掉的字，下面画线的是改成的字。${count > 1 ? `还有${count - 1}条修改意见，一条一条定。` : "先定这条改不改，再定整个事项。"}</p>
  </main>`;
}
