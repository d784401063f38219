// Buttons that send a wish. What cannot be taken back is asked once more, in the page.
import { html, signal } from "../../vendor/ui.js";
import { isLost, isWaiting } from "../kernel/wishes.js";

/**
 * @typedef {{name: string, data?: Record<string, unknown>, label: string, title?: string, weight?: string, confirm?: string | null, blocked?: string | null}} Act
 * @typedef {import("../kernel/page.js").Hall} Hall
 */

/** The wish that waits for a second yes, and the moment it was asked in. */
export const asked = signal(
  /** @type {{act: Act, moment: string, done?: (answer: any) => void} | null} */ (null),
);

/**
 * What a question rests on; once it changes, the question is senseless.
 * @param {any} panels
 * @param {Act} act the end of a debate is asked with the number of those who wait
 */
function momentOf(panels, act) {
  const { guide, poll, meeting, speaker_queue: queue } = panels;
  const waiting = act.name === "queue.close" ? queue.length : "";
  return [meeting.state, guide.code, guide.step, poll ? poll.id + poll.state : "", waiting].join("|");
}

/** The form that stands open: form.motion, form.tasks or form.add_item, with its data. */
export const openForm = signal(/** @type {{name: string, data: Record<string, any>} | null} */ (null));

let wasClosed = false;

/** @param {any} panels 散会 puts every open form away, once: what may still be written is opened anew */
export function putFormsAway(panels) {
  const isClosed = panels.meeting.state === "closed";
  if (isClosed && !wasClosed) openForm.value = null;
  wasClosed = isClosed;
}

/**
 * Carries out what a button stands for: opens a form, asks once more, or sends.
 * @param {Hall} hall
 * @param {Act} act
 * @param {(answer: any) => void} [done]
 */
export function perform(hall, act, done) {
  const data = act.data || {};
  if (act.name.startsWith("form.")) openForm.value = { name: act.name, data };
  else if (act.confirm) asked.value = { act, done, moment: momentOf(hall.room.panels.value, act) };
  else hall.room.send(act.name, data, done);
}

/** @param {{hall: Hall, act: Act, kind?: string, done?: (answer: any) => void}} props */
export function ActButton({ hall, act, kind, done }) {
  const { room } = hall;
  const isPending = isWaiting(room, act.name, act.data);
  const weight =
    kind || (act.weight === "primary" ? "button" : act.weight === "quiet" ? "button quiet" : "button second");
  const label = isPending ? (isLost(room.link.value) ? "等待送出" : "正在送出……") : act.label;
  return html`<button class=${`${weight}${isPending ? " pending" : ""}`} type="button" disabled=${Boolean(act.blocked)} title=${act.blocked || undefined}
    onClick=${() => {
      if (!isPending) perform(hall, act, done);
    }}>${label}</button>`;
}

/** @param {any} panels whether a second question still stands; one whose reason is gone is taken back */
export function isAsking(panels) {
  const question = asked.value;
  if (question !== null && question.moment !== momentOf(panels, question.act)) asked.value = null;
  return asked.value !== null;
}

/** @param {{hall: Hall}} props the second question, in the place of the guide */
export function Asked({ hall }) {
  const question = asked.value;
  if (question === null) return null;
  const { act, done } = question;
  const title = act.title || act.label;
  return html`<div class="guide" role="alertdialog" aria-label=${title}>
    <p class="step">请再确认一次</p>
    <h1>${title}</h1>
    <p class="sentence">${act.confirm}</p>
    <div class="go">
      <button class="button" type="button" onClick=${() => {
        asked.value = null;
        hall.room.send(act.name, act.data || {}, done);
      }}>确定${title}</button>
      <button class="button second" type="button" onClick=${() => {
        asked.value = null;
      }}>不，回去</button>
    </div>
  </div>`;
}
