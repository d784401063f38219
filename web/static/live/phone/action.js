// The one thing under the thumb: a button that sends a wish and never says sent before the answer.
import { html } from "../../vendor/ui.js";
import { isLost, isWaiting } from "../kernel/wishes.js";

/**
 * @param {{hall: import("../kernel/page.js").Hall, name: string, data?: Record<string, unknown>, label: string,
 *   weight?: string, match?: Record<string, unknown>, done?: (answer: any) => void}} props
 *   match: which waiting wish is this button's own
 */
export function Action({ hall, name, data = {}, label, weight = "big", match, done }) {
  const { room } = hall;
  const isPending = isWaiting(room, name, match);
  const words = isLost(room.link.value) ? "等待送出" : "正在送出……";
  function tap() {
    if (isPending) return;
    room.send(name, data, done);
  }
  return html`<button class=${`button ${weight}${isPending ? " pending" : ""}`} type="button" aria-disabled=${isPending ? "true" : undefined} onClick=${tap}>
    ${isPending ? words : label}
  </button>`;
}

/**
 * Shakes the phone where it can. Browsers forbid it before the first tap and complain aloud, so it is not tried then.
 * @param {number | number[]} pattern milliseconds
 */
export function vibrate(pattern) {
  const activation = navigator.userActivation;
  if (navigator.vibrate && (!activation || activation.hasBeenActive)) navigator.vibrate(pattern);
}
