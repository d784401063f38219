// Panels `meeting` and `presence` at the desk: how many are here, what the room is doing.
import { html } from "../../vendor/ui.js";
import { timeOfDay } from "../kernel/clock.js";
import { useTicking } from "../marks/countdown.js";
import { LinkState } from "../marks/signs.js";

/** @typedef {{hall: import("../kernel/page.js").Hall, panels: any}} PanelProps */

/** @param {PanelProps} props */
export function DeskBar({ hall, panels }) {
  const { meeting, presence } = panels;
  const { room, words } = hall;
  const time = useTicking(() => timeOfDay(room.clock.now()));
  return html`<header class="console-bar">
    <p class="council">签到台 · <bdi>${meeting.council || meeting.title}</bdi>${meeting.number ? ` · ${meeting.number}` : ""}</p>
    <p class="facts-line">
      <span>${words.meeting_states[meeting.state]}</span>
      <span>实到 ${presence.present} / 应到 ${presence.entitled}，${presence.quorum.reached ? "已达法定人数" : "未达法定人数"}</span>
      <${LinkState} link=${room.link.value} words=${words} /><span class="num">${time}</span>
    </p>
    <p class="acts"><a class="button second" href=${`/meetings/${hall.page.meeting}/devices`}>登录设备</a><a class="button second" href=${`/meetings/${hall.page.meeting}/console`}>主持台</a></p>
  </header>`;
}

/** @param {PanelProps} props what is going on, in one line */
export function Now({ panels }) {
  const { meeting, agenda, poll, consent, floor, speaker_queue: queue } = panels;
  if (meeting.state !== "open") return null;
  const item = agenda.items.find((/** @type {any} */ entry) => entry.state === "current");
  const doing = consent
    ? "主持人正在问有没有异议"
    : poll && poll.state === "open"
      ? `正在表决，已投 ${poll.cast} 人`
      : floor && floor.speaker
        ? `${floor.speaker.name}正在发言，${queue.length}人等候`
        : queue && queue.open
          ? `可以申请发言，${queue.length}人等候`
          : "现在不接受发言申请";
  return html`<p class="doing-now"><b>${item ? item.title : "等主持人开始一项议程"}</b><span>${doing}</span></p>`;
}
