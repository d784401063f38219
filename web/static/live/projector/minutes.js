// Panel `minutes` on the wall: where to read and sign after the meeting, and how many have.
import { html } from "../../vendor/ui.js";

/** @param {import("./meeting.js").PanelProps} props */
export function SignHere({ hall, panels }) {
  const { minutes } = panels;
  const state = minutes ? minutes.state : "draft";
  const isSigning = state === "signing";
  const isOut = state === "finalised" || state === "published";
  return html`<aside>
    <img class="qr" src=${`/meetings/${hall.page.meeting}/join.svg`} alt="入会二维码" />
    <strong>${isSigning ? html`扫码看纪要<br />并签字` : isOut ? html`纪要已定稿<br />扫码查看` : html`纪要正在整理<br />请稍候签字`}</strong>
    ${minutes && minutes.signatories ? html`<p>已签 ${minutes.signed} / ${minutes.signatories} 人</p>` : html`<p>请记录人念一遍，<br />听清楚再签字。</p>`}
  </aside>`;
}
