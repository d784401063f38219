// Panel `floor` on the console: who speaks, the clock, and the tools for it.
import { html } from "../../vendor/ui.js";
import { clockFace } from "../kernel/clock.js";
import { useSecondsLeft } from "../marks/countdown.js";
import { Party, partyOf } from "../marks/party.js";
import { Bar, Stance } from "../marks/signs.js";
import { ActButton } from "./act.js";
import { guides } from "./guide.js";

const TOOLS = [
  { name: "floor.yield", label: "结束发言" },
  { name: "floor.extend", data: { seconds: 30 }, label: "加30秒" },
  { name: "floor.extend", data: { seconds: 60 }, label: "加1分钟" },
];

/** @param {import("./meeting.js").PanelProps} props */
export function Floor({ hall, panels }) {
  const { floor } = panels;
  const left = useSecondsLeft(hall, floor);
  if (!floor || !floor.speaker) return null;
  const { speaker } = floor;
  const isOver = left !== null && left < 0;
  return html`<div class="block floor">
    <h2><span>正在发言</span><span>每人限时${Math.round(floor.allowance_seconds / 6) / 10}分钟</span></h2>
    <div class="now-floor" data-state=${isOver ? "over" : undefined}>
      <strong>${speaker.name}</strong>
      <span><${Party} party=${partyOf(speaker)} />　<${Stance} stance=${speaker.stance} words=${hall.words} />${isOver ? html`　<b class="now">超时</b>` : null}</span>
      <span class="num">${left === null ? "暂停" : clockFace(left)}</span>
      <${Bar} share=${left === null ? 1 : left / floor.allowance_seconds} over=${isOver} />
      ${hall.page.role === "secretary" ? null : html`<div class="tools">${TOOLS.filter((act) => !guides(panels, act.name)).map((act) => html`<${ActButton} key=${act.label} hall=${hall} act=${act} />`)}</div>`}
    </div>
  </div>`;
}
