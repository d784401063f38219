// Panel `meeting` on the wall: the strip at the top, and what stands there while the meeting is suspended.
import { html } from "../../vendor/ui.js";
import { dayOf, timeOfDay } from "../kernel/clock.js";
import { useTicking } from "../marks/countdown.js";
import { LinkState } from "../marks/signs.js";

/** @typedef {{hall: import("../kernel/page.js").Hall, panels: any}} PanelProps */

/** @param {PanelProps} props */
export function Strip({ hall, panels }) {
  const { meeting, presence } = panels;
  const { room, words } = hall;
  const time = useTicking(() => timeOfDay(room.clock.now()));
  const link = room.link.value;
  const isLost = link === "retrying" || link === "offline";
  const facts =
    meeting.state === "called"
      ? [
          html`<span>${dayOf(room.clock.now())}</span>`,
          meeting.place && html`<span class="spare">${meeting.place}</span>`,
        ]
      : [
          html`<span>实到 ${presence.present} / 应到 ${presence.entitled}</span>`,
          html`<span>${meeting.state === "closed" ? "散会" : presence.quorum.reached ? "已达法定人数" : "未达法定人数"}</span>`,
        ];
  return html`<header class="projector-strip">
    <p><span class="council">${meeting.council || meeting.title}</span><span class="spare">${meeting.number}</span></p>
    <p>${isLost ? html`<${LinkState} link=${link} words=${words} /><span>${timeOfDay(room.heardAt.value)}的内容</span>` : facts}<span class="num">${time}</span></p>
  </header>`;
}

/** @param {PanelProps} props */
export function Recess({ panels }) {
  const { meeting, agenda } = panels;
  const item = agenda.items.find((/** @type {any} */ entry) => entry.state === "current");
  const since = meeting.suspended_at ? `${timeOfDay(meeting.suspended_at)}起休会` : "";
  return html`<main class="projector-body recess">
    <p class="kicker"><b>休会中</b> ${since}</p>
    <h1 class="call">请稍候，由主持人宣布复会</h1>
    <p class="lead">${item ? `“${item.title}”还没有议完。` : ""}发言次序都保留。</p>
  </main>`;
}
