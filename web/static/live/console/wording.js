// The motion's text written in view of all: every pause while typing puts the draft on the wall.
import { html, signal } from "../../vendor/ui.js";
import { openForm } from "./act.js";
import { currentItem } from "./agenda.js";

// so long a pause in typing is a wording worth showing
const PAUSE = 1200;
const LONGEST = 500;
const draft = signal({ item: "", text: "" });
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;

/** @param {any} panels @returns {boolean} while amendments wait, the text changes by way of them alone */
export function mayWord(panels) {
  const { motion, result } = panels;
  const waits =
    motion !== null && motion.amendments.some((/** @type {any} */ one) => one.state === "pending");
  return currentItem(panels) !== null && !waits && !(result && panels.poll && panels.poll.state === "closed");
}

/** @param {import("./meeting.js").PanelProps} props */
export function WordingForm({ hall, panels }) {
  const item = currentItem(panels);
  const standing = panels.motion ? panels.motion.text : "";
  const text = draft.value.item === item.id ? draft.value.text : standing;
  /** @param {boolean} isDraft @param {(answer: any) => void} [done] */
  function send(isDraft, done) {
    const words = draft.value.text.trim();
    clearTimeout(pause);
    if (words) hall.room.send("motion.word", { item: item.id, text: words, draft: isDraft }, done);
  }
  /** @param {any} event */
  function type(event) {
    draft.value = { item: item.id, text: event.target.value };
    clearTimeout(pause);
    pause = setTimeout(() => {
      const now = hall.room.panels.value;
      const isStill = openForm.value !== null && openForm.value.name === "form.wording";
      if (isStill && currentItem(now) && currentItem(now).id === item.id) send(true);
    }, PAUSE);
  }
  /** @param {Event} event */
  function settle(event) {
    event.preventDefault();
    draft.value = { item: item.id, text };
    send(false, (answer) => {
      if (!answer.ok) return;
      draft.value = { item: "", text: "" };
      openForm.value = null;
    });
  }
  return html`<form class="small-form" onSubmit=${settle}>
    <label for="wording-text">大家在大屏上看着您写，停下来就更新</label>
    <textarea id="wording-text" class="song" rows="4" maxlength=${LONGEST} value=${text} onInput=${type}></textarea>
    <div class="pair"><button class="button strong" type="submit" disabled=${!text.trim()}>写好了，请大家议</button><button class="button second" type="button" onClick=${() => {
      clearTimeout(pause);
      openForm.value = null;
    }}>收起</button></div>
  </form>`;
}
