// Beside the hand: another stance while it is up, and a point of order with its reason. Loaded once a queue is open.
import { html } from "../../vendor/ui.js";
import { Action } from "./action.js";
import { currentItem } from "./agenda.js";

const STANCES = ["for", "against", "question", "addition"];
// the most pressing first
const REASONS = ["hearing", "breach", "count", "procedure"];

/**
 * About how long until I am called, from what the speaker has left and a full turn for everybody ahead.
 * @param {import("./meeting.js").PanelProps} props
 * @param {number} place
 */
export function waitWords({ hall, panels }, place) {
  const { floor, meeting } = panels;
  const left =
    floor.speaker && floor.deadline ? Math.max(0, floor.deadline - hall.room.clock.now()) / 1000 : 0;
  const minutes = Math.round((left + place * meeting.speaking_seconds) / 60);
  return minutes > 0 ? `，最多大约还要等${minutes}分钟` : "";
}

/** @param {import("./meeting.js").PanelProps} props a question put to the speaker, perhaps by me */
export function Asking({ hall, panels }) {
  const { interposed } = panels.floor;
  if (!panels.me || interposed.speaker.seat !== panels.me.seat)
    return html`<p class="after">${interposed.speaker.name}正在提问。</p>`;
  return html`<p class="after">请您提问。</p><${Action} hall=${hall} name="floor.yield" label="我问完了" weight="second" />`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function ChangeStance({ hall, panels }) {
  const { me, speaker_queue: queue } = panels;
  const mine = queue.waiting.find((/** @type {any} */ hand) => hand.seat === me.seat && !hand.point_of_order);
  const item = currentItem(panels);
  if (!mine || item === null || !item.has_motion) return null;
  return html`<details class="more"><summary>改立场（现在是${hall.words.stances[mine.stance]}）</summary>
    ${STANCES.filter((stance) => stance !== mine.stance).map((stance) => html`<${Action} key=${stance} hall=${hall} name="floor.change" data=${{ stance }} match=${{ stance }} label=${`改为${hall.words.stances[stance]}`} weight="second" />`)}
  </details>`;
}

/** @param {{hall: import("../kernel/page.js").Hall}} props */
export function PointOfOrder({ hall }) {
  return html`<details class="more"><summary>程序性发言（听不清、违反规则……）</summary>
    ${REASONS.map((reason) => html`<${Action} key=${reason} hall=${hall} name="floor.request" data=${{ stance: "talk", point_of_order: true, reason }} match=${{ reason }} label=${hall.words.order_reasons[reason]} weight="second" />`)}
  </details>`;
}
