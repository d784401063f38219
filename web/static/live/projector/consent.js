// Panel `consent` on the wall: the question to the room, 有没有异议.
import { html } from "../../vendor/ui.js";
import { Changes, readText } from "../marks/changes.js";
import { Prose } from "../marks/prose.js";
import { ItemHead } from "./agenda.js";
import { lengthOf } from "./poll.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Consent({ panels }) {
  const { consent } = panels;
  const { amendment } = consent;
  const read = amendment ? readText(amendment.changes) : consent.text;
  return html`<main class="projector-body consent">
    <${ItemHead} panels=${panels} note="询问异议" />
    <div>
      <p class="kicker"><b><i class="dot"></i>主持人问大家</b>${amendment ? `第${amendment.number}条修改意见，这样改` : ""}</p>
      <p class="text" data-length=${lengthOf(read)} data-alone=${read.length <= 34 ? "yes" : undefined}>${amendment ? html`<${Changes} changes=${amendment.changes} />` : html`<${Prose} text=${consent.text} />`}</p>
      <p class="call">大家有没有异议？</p>
    </div>
    <p class="kicker">有异议的，请举手或者说出来。没有异议，就${amendment ? "这样改" : "算通过"}。</p>
  </main>`;
}
