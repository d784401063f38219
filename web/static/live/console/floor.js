// Panel `floor` on the console: who speaks, the clock, and the tools for it.
import { html } from "../../vendor/ui.js";
import { clockFace } from "../kernel/clock.js";
import { standing, useSecondsLeft } from "../marks/countdown.js";
import { Party, partyOf } from "../marks/party.js";
import { Bar, Stance } from "../marks/signs.js";
import { ActButton } from "./act.js";
import { guides } from "./guide.js";

const TOOLS = [
  { name: "floor.yield", label: "结束发言" },
  { name: "floor.extend", data: { seconds: 30 }, label: "加30秒" },
  { name: "floor.extend", data: { seconds: 60 }, label: "加1分钟" },
];
const RULINGS = ["upheld", "not_upheld", "withdrawn"];
// so long a turn begun by mistake may be taken back (the server knows the same)
const CANCEL_SECONDS = 10;

/** @param {any} floor @param {number | null} left @returns {import("./act.js").Act[]} the clock's own buttons */
function clockTools(floor, left) {
  if (floor.interposed) return [];
  if (floor.held) return [{ name: "floor.resume", label: "继续发言" }];
  const tools = [{ name: "floor.pause", label: "暂停计时" }];
  if (left !== null && left > floor.allowance_seconds - CANCEL_SECONDS)
    tools.push({ name: "floor.cancel", label: "请错了，收回" });
  return tools;
}

/** @param {import("./meeting.js").PanelProps} props who may put a question to the speaker */
function Interpose({ hall, panels }) {
  const { floor, roster } = panels;
  if (!floor.questions || floor.interposed || floor.speaker.point_of_order) return null;
  const others = roster.filter(
    (/** @type {any} */ row) => row.presence === "present" && row.seat !== floor.speaker.seat,
  );
  return html`<label class="queue-mode">请人插问
    <select value="" onChange=${(/** @type {any} */ event) => {
      if (event.target.value) hall.room.send("floor.interpose", { representative: event.target.value });
    }}>
      <option value="">选一位</option>
      ${others.map((/** @type {any} */ row) => html`<option key=${row.seat} value=${row.representative}>${row.name}（${row.party}）</option>`)}
    </select></label>`;
}

/** @param {import("./meeting.js").PanelProps} props the question that stops the speaker's clock */
function Question({ hall, panels }) {
  const { interposed } = panels.floor;
  const left = useSecondsLeft(hall, interposed);
  if (!interposed) return null;
  return html`<p class="question">插问：<strong>${interposed.speaker.name}</strong>（${interposed.speaker.party}）<span class="num">${left === null ? "暂停" : clockFace(left)}</span></p>`;
}

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
      <span><${Party} party=${partyOf(speaker)} />　<${Stance} stance=${speaker.stance} words=${hall.words} />${isOver ? html`　<b class="now">超时</b>` : null}${left === null ? html`　<b>计时暂停</b>` : null}</span>
      <span class="num">${clockFace(left === null ? standing(floor) : left)}</span>
      <${Bar} share=${left === null ? 1 : left / floor.allowance_seconds} over=${isOver} />
      ${
        hall.page.role === "secretary"
          ? null
          : html`<div class="tools">${[...TOOLS.filter((act) => !guides(panels, act.name)), ...clockTools(floor, left)].map((act) => html`<${ActButton} key=${act.label} hall=${hall} act=${act} />`)}
        ${speaker.point_of_order ? RULINGS.map((outcome) => html`<${ActButton} key=${outcome} hall=${hall} act=${{ name: "ruling.record", data: { outcome }, label: `裁定：${hall.words.rulings[outcome]}` }} />`) : null}</div>
        <${Interpose} hall=${hall} panels=${panels} />`
      }
      <${Question} hall=${hall} panels=${panels} />
    </div>
  </div>`;
}
