// Panel `meeting` on the console: the bar with the sitting's four acts.
import { html } from "../../vendor/ui.js";
import { timeOfDay } from "../kernel/clock.js";
import { useTicking } from "../marks/countdown.js";
import { useMinutesSince } from "../marks/duration.js";
import { LinkState } from "../marks/signs.js";
import { ActButton } from "./act.js";

/** @typedef {{hall: import("../kernel/page.js").Hall, panels: any}} PanelProps */

/** @param {any} meeting */
function actsOf(meeting) {
  const close = {
    name: "meeting.close",
    label: "散会",
    confirm: "散会以后不能再议、再表决，接着整理纪要、签字。",
  };
  if (meeting.state === "open") return [{ name: "meeting.suspend", label: "休会" }, close];
  if (meeting.state === "suspended") return [{ name: "meeting.resume", label: "复会" }, close];
  return [];
}

/** @param {PanelProps} props */
export function ConsoleBar({ hall, panels }) {
  const { meeting, presence } = panels;
  const { room, words, page } = hall;
  const minutes = useMinutesSince(hall, meeting.closed_at ? null : meeting.opened_at);
  const time = useTicking(() => timeOfDay(room.clock.now()));
  return html`<header class="console-bar">
    <p class="council">${meeting.council || meeting.title}${meeting.number ? ` · ${meeting.number}` : ""}</p>
    <p class="facts-line">
      <span>${words.meeting_states[meeting.state]}${minutes === null ? "" : ` ${minutes}分`}</span>
      <span>实到 ${presence.present} / 应到 ${presence.entitled}，${presence.quorum.reached ? "已达法定人数" : "未达法定人数"}</span>
      <${LinkState} link=${room.link.value} words=${words} /><span class="num">${time}</span>
    </p>
    <p class="acts">${page.role === "secretary" ? null : actsOf(meeting).map((act) => html`<${ActButton} key=${act.name} hall=${hall} act=${act} />`)}</p>
  </header>`;
}
