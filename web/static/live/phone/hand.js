// Beside the hand: another stance while it is up, and a point of order with its reason. Loaded once a queue is open.
import { html } from "../../vendor/ui.js";
import { Action } from "./action.js";
import { currentItem } from "./agenda.js";

const STANCES = ["for", "against", "question", "addition"];

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
  const reasons = hall.words.order_reasons;
  return html`<details class="more"><summary>程序性发言（听不清、违反规则……）</summary>
    ${Object.keys(reasons).map((reason) => html`<${Action} key=${reason} hall=${hall} name="floor.request" data=${{ stance: "talk", point_of_order: true, reason }} match=${{ reason }} label=${reasons[reason]} weight="second" />`)}
  </details>`;
}
