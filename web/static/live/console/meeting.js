// Panel `meeting` on the console: the bar with the sitting's four acts.
import { html } from "../../vendor/ui.js";
import { timeOfDay } from "../kernel/clock.js";
import { useTicking } from "../marks/countdown.js";
import { useMinutesSince } from "../marks/duration.js";
import { LinkState } from "../marks/signs.js";
import { ActButton } from "./act.js";
import { isAsked } from "./agenda.js";

/** @typedef {{hall: import("../kernel/page.js").Hall, panels: any}} PanelProps */

// as many undiscussed items are named in full; of more, the first two and how many there are
const NAMED = 3;

/** @param {any} panels */
function actsOf(panels) {
  const { meeting, agenda } = panels;
  const blocked = isAsked(panels) ? "先把正在进行的表决截止、公布，再做这一步。" : undefined;
  const left = agenda.items.filter((/** @type {any} */ item) => item.state === "pending");
  const titles = left
    .slice(0, left.length > NAMED ? NAMED - 1 : NAMED)
    .map((/** @type {any} */ item) => item.title);
  const undone = left.length
    ? `还没有议：${titles.join("、")}${left.length > NAMED ? `等${left.length}项` : ""}。`
    : "";
  const unpublished = panels.poll && panels.poll.state === "closed" ? "刚才表决的结果还没有公布。" : "";
  const close = {
    name: "meeting.close",
    label: "散会",
    confirm: `${unpublished}${undone}散会以后不能再议、再表决，接着整理纪要、签字。`,
    blocked,
  };
  if (meeting.state === "open") return [{ name: "meeting.suspend", label: "休会", blocked }, close];
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
    <p class="council"><bdi>${meeting.council || meeting.title}</bdi>${meeting.number ? ` · ${meeting.number}` : ""}</p>
    <p class="facts-line">
      <span>${words.meeting_states[meeting.state]}${minutes === null ? "" : ` ${minutes}分`}</span>
      <span>实到 ${presence.present} / 应到 ${presence.entitled}，${presence.quorum.reached ? "已达法定人数" : "未达法定人数"}</span>
      <${LinkState} link=${room.link.value} words=${words} /><span class="num">${time}</span>
    </p>
    <p class="acts">${page.role === "secretary" ? null : actsOf(panels).map((act) => html`<${ActButton} key=${act.name} hall=${hall} act=${act} />`)}</p>
  </header>`;
}
