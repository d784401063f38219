// An urgent item nobody announced: only discussed here, handed to who deals with it, reported to the next meeting.
import { html, signal } from "../../vendor/ui.js";
import { openForm } from "./act.js";
import { currentItem } from "./agenda.js";
import { SendOrLeave } from "./fields.js";

const draft = signal({ to: "", text: "" });

/** @param {import("./meeting.js").PanelProps} props */
export function ReferForm({ hall, panels }) {
  const mine = draft.value;
  const isReady = mine.to.trim().length > 0 && mine.text.trim().length > 0;
  /** @param {string} field */
  const put = (field) => (/** @type {any} */ event) => {
    draft.value = Object.assign({}, mine, { [field]: event.target.value });
  };
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!isReady) return;
    const data = { item: currentItem(panels).id, to: mine.to.trim(), text: mine.text.trim() };
    hall.room.send("agenda.refer", data, (answer) => {
      if (!answer.ok) return;
      draft.value = { to: "", text: "" };
      openForm.value = null;
    });
  }
  return html`<form class="small-form" onSubmit=${send}>
    <p class="quiet">临时议题只议不决。交付以后先处置，下次会议听取报告。</p>
    <label for="refer-to">交给谁</label><input id="refer-to" maxlength="40" placeholder="如：物业公司" value=${mine.to} onInput=${put("to")} />
    <label for="refer-text">请办什么</label><textarea id="refer-text" rows="3" maxlength="300" value=${mine.text} onInput=${put("text")}></textarea>
    <${SendOrLeave} ready=${isReady} label="交付办理" />
  </form>`;
}
