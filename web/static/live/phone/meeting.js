// Panel `meeting` on the phone: the bar at the top, the break, and the frame every view stands in.
import { html, useEffect } from "../../vendor/ui.js";
import { timeOfDay } from "../kernel/clock.js";
import { LinkState } from "../marks/signs.js";
import { ElderSwitch } from "./elder.js";
import { Notices, WayOut } from "./notice.js";

/** @typedef {{hall: import("../kernel/page.js").Hall, panels: any}} PanelProps */

// What lies under the thumb may stand above the content up to this share of the screen.
const TALL = 0.6;

/** Letters enlarged by the system or by WeChat are no width a style sheet can ask for, so the page is measured. */
function noteTallThumb() {
  const thumb = /** @type {HTMLElement | null} */ (document.querySelector(".thumb"));
  const isTall = thumb !== null && thumb.offsetHeight > TALL * window.innerHeight;
  document.body.dataset.thumb = isTall ? "tall" : "";
}

/** @returns {() => void} what ends it */
function watchSize() {
  window.addEventListener("resize", noteTallThumb);
  return () => window.removeEventListener("resize", noteTallThumb);
}

/** @param {PanelProps} props */
export function PhoneBar({ hall, panels }) {
  const { meeting } = panels;
  return html`<header class="phone-bar">
    <span class="council">${meeting.council || meeting.title}</span>
    <span class="tools"><${LinkState} link=${hall.room.link.value} words=${hall.words} /><${ElderSwitch} hall=${hall} /></span>
  </header>`;
}

/**
 * Bar, content, thumb. After a refusal the thumb holds the way out.
 * @param {{hall: import("../kernel/page.js").Hall, panels: any, kind?: string, thumb?: any, children?: any}} props
 */
export function Frame({ hall, panels, kind = "room", thumb, children }) {
  const isRefused = hall.room.refused.value !== null;
  const hand = isRefused ? html`<${WayOut} hall=${hall} />` : thumb;
  useEffect(noteTallThumb);
  useEffect(watchSize, []);
  return html`<${PhoneBar} hall=${hall} panels=${panels} />
    <main class=${kind}><div class="notices"><${Notices} hall=${hall} /></div><div>${children}</div></main>
    ${hand ? html`<div class="thumb" role="region" aria-label="现在可以做">${hand}</div>` : null}`;
}

/** @param {PanelProps} props */
export function Recess({ hall, panels }) {
  const { meeting, agenda, speaker_queue: queue, me } = panels;
  const item = agenda.items.find((/** @type {any} */ entry) => entry.state === "current");
  const place = me && queue ? queue.order.indexOf(me.seat) : -1;
  return html`<${Frame} hall=${hall} panels=${panels} kind="recess" thumb=${html`<button class="button second" type="button" disabled>复会后再继续</button>`}>
    <p class="kicker">休会中</p>
    <h1>请等主持人宣布复会</h1>
    ${meeting.suspended_at ? html`<p class="quiet">${timeOfDay(meeting.suspended_at)}起休会</p>` : null}
    <p class="after">${item ? `“${item.title}”还没有议完。` : ""}${place >= 0 ? `发言次序保留，您排在第${place + 1}位。` : "发言次序都保留。"}</p>
  </${Frame}>`;
}
