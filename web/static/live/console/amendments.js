// Amendments on the console: enter one for a seat, see what it changes, put them in order, take one back.
import { html, signal } from "../../vendor/ui.js";
import { Changes } from "../marks/changes.js";
import { ActButton, openForm, perform } from "./act.js";
import { currentItem, isAsked } from "./agenda.js";
import { PersonField, SendOrLeave } from "./fields.js";

/** @typedef {import("./meeting.js").PanelProps} PanelProps */

const draft = signal({ item: "", representative: "", text: "" });
const withdrawing = signal({ amendment: "", reason: "" });
/** @type {Record<string, string>} */
const STATES = {
  pending: "待定",
  adopted: "已采纳",
  rejected: "未采纳",
  withdrawn: "已收回",
  lapsed: "同一处已改，不再议",
};

/** @param {any} panels @returns {boolean} */
export function mayAmend(panels) {
  const item = currentItem(panels);
  const { motion } = panels;
  return Boolean(item && item.announced && motion && !motion.draft && item.outcome !== "passed");
}

/** @param {PanelProps} props */
export function AmendForm({ hall, panels }) {
  const { motion } = panels;
  const mine =
    draft.value.item === motion.item
      ? draft.value
      : { item: motion.item, representative: "", text: motion.text };
  const isReady = mine.representative && mine.text.trim() && mine.text.trim() !== motion.text;
  /** @param {Record<string, string>} change */
  const keep = (change) => {
    draft.value = Object.assign({}, mine, change);
  };
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!isReady) return;
    const data = { item: motion.item, text: mine.text.trim(), representative: mine.representative };
    hall.room.send("motion.amend", data, (answer) => {
      if (!answer.ok) return;
      draft.value = { item: "", representative: "", text: "" };
      openForm.value = null;
    });
  }
  return html`<form class="small-form" onSubmit=${send}>
    <${PersonField} id="amend-who" label="谁提出" panels=${panels} value=${mine.representative} choose=${(/** @type {string} */ value) => keep({ representative: value })} />
    <label for="amend-text">整句话改成</label>
    <textarea id="amend-text" class="song" rows="4" maxlength="500" value=${mine.text} onInput=${(/** @type {any} */ event) => keep({ text: event.target.value })}></textarea>
    <${SendOrLeave} ready=${isReady} label="登记修改意见" />
  </form>`;
}

/** @param {PanelProps & {amendment: any}} props */
function Withdraw({ hall, amendment }) {
  const mine = withdrawing.value;
  if (mine.amendment !== amendment.id)
    return html`<button class="text-button" type="button" onClick=${() => {
      withdrawing.value = { amendment: amendment.id, reason: "" };
    }}>收回</button>`;
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!mine.reason.trim()) return;
    const act = {
      name: "amendment.withdraw",
      label: "收回修改意见",
      data: { amendment: amendment.id, reason: mine.reason.trim() },
    };
    perform(hall, act, (answer) => {
      if (answer.ok) withdrawing.value = { amendment: "", reason: "" };
    });
  }
  return html`<form class="small-form" onSubmit=${send}><label for="withdraw-reason">收回的原因（记入纪要）</label>
    <input id="withdraw-reason" maxlength="200" value=${mine.reason} onInput=${(/** @type {any} */ event) => {
      withdrawing.value = { amendment: amendment.id, reason: event.target.value };
    }} />
    <div class="pair"><button class="button strong" type="submit" disabled=${!mine.reason.trim()}>收回</button><button class="button second" type="button" onClick=${() => {
      withdrawing.value = { amendment: "", reason: "" };
    }}>不收回</button></div></form>`;
}

/** @param {any[]} waiting @param {number} place @returns {string[]} the order with this one a place earlier */
function earlier(waiting, place) {
  const ids = waiting.map((one) => one.id);
  ids.splice(place - 1, 2, ids[place], ids[place - 1]);
  return ids;
}

/** @param {PanelProps} props the amendments of the current item, the undecided first */
export function Amendments({ hall, panels }) {
  const { motion } = panels;
  if (!motion || !motion.amendments.length) return null;
  const waiting = motion.amendments.filter((/** @type {any} */ one) => one.state === "pending");
  const mayAct = hall.page.role !== "secretary" && !isAsked(panels) && panels.meeting.state === "open";
  return html`<div class="block amendments">
    <h2><span>修改意见</span><span>${waiting.length ? `${waiting.length}条待定，改动最大的先定` : "都定了"}</span></h2>
    <ol>
      ${motion.amendments.map(
        (
          /** @type {any} */ one,
          /** @type {number} */ place,
        ) => html`<li key=${one.id} data-state=${one.state}>
          <p><b>第${one.number}条</b>　${one.proposer.party} ${one.proposer.name}　<span class="quiet">${STATES[one.state]}${one.reason ? `：${one.reason}` : ""}</span></p>
          ${one.state === "pending" ? html`<p class="song"><${Changes} changes=${one.changes} /></p>` : null}
          ${
            mayAct && one.state === "pending"
              ? html`<p class="beside-acts">${place > 0 ? html`<${ActButton} hall=${hall} kind="text-button" act=${{ name: "amendment.order", label: "先定这条", data: { item: motion.item, amendments: earlier(waiting, place) } }} />` : null}
                  <${Withdraw} hall=${hall} panels=${panels} amendment=${one} /></p>`
              : null
          }
        </li>`,
      )}
    </ol>
  </div>`;
}
