// Panel `agenda` on the phone: what is under discussion, and what comes.
import { html } from "../../vendor/ui.js";
import { numeral } from "../kernel/words.js";

/** @param {any} panels */
export function currentItem(panels) {
  return panels.agenda.items.find((/** @type {any} */ item) => item.state === "current") || null;
}

/** @param {any} panels @param {string | null} id @returns {string} 第二项 新增健身器材放在哪里 */
export function itemWords(panels, id) {
  const item = panels.agenda.items.find((/** @type {any} */ entry) => entry.id === id) || currentItem(panels);
  return item ? `第${numeral(item.position)}项 ${item.title}` : "";
}

/** @param {{panels: any}} props */
export function CurrentItem({ panels }) {
  const item = currentItem(panels);
  if (item === null) return html`<h1>${panels.meeting.number || panels.meeting.title}</h1>`;
  return html`<p class="kicker now"><b>正在议 · 第${numeral(item.position)}项${item.announced ? "" : "（只议不决）"}</b></p>
    <h1>${item.title}</h1>`;
}

/** @param {{hall: import("../kernel/page.js").Hall, panels: any}} props */
export function AgendaList({ hall, panels }) {
  const { words } = hall;
  return html`<ol class="agenda-list">
    ${panels.agenda.items.map(
      (/** @type {any} */ item) => html`<li key=${item.id} data-state=${item.state}>
        <span class="num">${numeral(item.position)}</span><span>${item.title}</span>
        <span class="state">${item.outcome ? words.outcomes[item.outcome] : !item.announced && item.state === "pending" ? "只议不决" : words.item_states[item.state]}</span>
      </li>`,
    )}
  </ol>`;
}
