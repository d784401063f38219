// Panel `agenda` on the console: begin an item, add one that may only be discussed.
import { html, signal } from "../../vendor/ui.js";
import { numeral } from "../kernel/words.js";
import { ActButton, openForm } from "./act.js";

const newTitle = signal("");

/** @param {any} panels */
export function currentItem(panels) {
  return panels.agenda.items.find((/** @type {any} */ item) => item.state === "current") || null;
}

/** @param {any} panels @returns {boolean} whether a poll or a question of 无异议 waits for its answer */
export function isAsked(panels) {
  return Boolean(panels.consent || (panels.poll && panels.poll.state === "open"));
}

/** @param {any} item @param {any} words */
function stateWords(item, words) {
  if (item.outcome) return words.outcomes[item.outcome];
  if (!item.announced && item.state === "pending") return "只议不决";
  return item.state === "pending" && item.minutes ? `${item.minutes}分` : words.item_states[item.state];
}

/** @param {import("./meeting.js").PanelProps} props */
export function Agenda({ hall, panels }) {
  const current = currentItem(panels);
  const mayAdd = panels.meeting.state === "open" && hall.page.role !== "secretary";
  const mayBegin = mayAdd && !isAsked(panels);
  return html`<div class="block agenda">
    <h2><span>议程</span>${
      mayAdd
        ? html`<button class="text-button" type="button" onClick=${() => {
            openForm.value = { name: "form.add_item", data: {} };
          }}>加临时议题</button>`
        : null
    }</h2>
    <ol class="agenda-list">
      ${panels.agenda.items.map((/** @type {any} */ item) => {
        const confirm = current ? `“${current.title}”还没有结束，开始这一项就算结束它。` : null;
        const begin = { name: "agenda.begin", data: { item: item.id }, label: "开始", confirm };
        return html`<li key=${item.id} data-state=${item.state}>
          <span class="num">${numeral(item.position)}</span><span>${item.title}</span>
          <span class="state">${stateWords(item, hall.words)} ${mayBegin && item.state === "pending" ? html`<${ActButton} hall=${hall} act=${begin} kind="text-button" />` : null}</span>
        </li>`;
      })}
    </ol>
    ${mayAdd ? html`<${AddItem} hall=${hall} />` : null}
  </div>`;
}

/** @param {{hall: import("../kernel/page.js").Hall}} props */
function AddItem({ hall }) {
  if (!openForm.value || openForm.value.name !== "form.add_item") return null;
  /** @param {Event} event */
  function add(event) {
    event.preventDefault();
    const title = newTitle.value.trim();
    if (!title) return;
    hall.room.send("agenda.add", { title }, (answer) => {
      if (!answer.ok) return;
      newTitle.value = "";
      openForm.value = null;
    });
  }
  return html`<form class="small-form" onSubmit=${add}>
    <label for="new-item">临时议题（只议不决）</label>
    <input id="new-item" maxlength="80" value=${newTitle.value} onInput=${(/** @type {any} */ event) => {
      newTitle.value = event.target.value;
    }} />
    <div class="pair"><button class="button strong" type="submit">加入议程</button><button class="button second" type="button" onClick=${() => {
      openForm.value = null;
    }}>不加了</button></div>
  </form>`;
}
