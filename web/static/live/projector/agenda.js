// Panel `agenda` on the wall: tonight's items below the gathering, and the list or the current item when nothing else is on.
import { html } from "../../vendor/ui.js";
import { numeral } from "../kernel/words.js";

/** @param {any} panels */
export function currentItem(panels) {
  return panels.agenda.items.find((/** @type {any} */ item) => item.state === "current") || null;
}

/** @param {any} panels @param {string | null} id */
export function findItem(panels, id) {
  return panels.agenda.items.find((/** @type {any} */ item) => item.id === id) || null;
}

/** @param {{panels: any}} props */
export function Tonight({ panels }) {
  const items = panels.agenda.items;
  const shown = items.slice(0, 4);
  const length = shown.reduce(
    (/** @type {number} */ total, /** @type {any} */ item) => total + item.title.length + 2,
    0,
  );
  return html`<ol class="tonight" data-layout=${length > 32 ? "two" : "one"}>
    <li class="spare">议程</li>
    ${shown.map((/** @type {any} */ item) => html`<li key=${item.id}><span class="num">${numeral(item.position)}</span>${item.title}${item.announced ? "" : "（只议不决）"}</li>`)}
    ${items.length > shown.length ? html`<li class="rest">等${items.length}项</li>` : null}
  </ol>`;
}

/** @param {{panels: any, note?: string}} props */
export function ItemHead({ panels, note }) {
  const item = currentItem(panels);
  if (item === null) return null;
  return html`<div class="item">
    <span class="kicker">第${numeral(item.position)}项</span>
    <h1>${item.title}</h1>
    <p class="kicker">${note || (item.announced ? "协商、表决" : "只议不决")}</p>
  </div>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Agenda({ hall, panels }) {
  const item = currentItem(panels);
  const { words } = hall;
  return html`<main class="projector-body agenda">
    ${
      item
        ? html`<p class="kicker"><b><i class="dot"></i>正在议</b> 第${numeral(item.position)}项${item.announced ? "" : "（临时议题，只议不决）"}</p>
            <h1 class="call" data-length=${item.title.length > 13 ? "long" : "short"}>${item.title}</h1>`
        : html`<h1>会议议程</h1>`
    }
    <ol class="agenda-list" data-count=${panels.agenda.items.length > 6 ? "many" : panels.agenda.items.length > 4 ? "some" : "few"}>
      ${panels.agenda.items.map(
        (/** @type {any} */ entry) => html`<li key=${entry.id} data-state=${entry.state}>
          <span class="num">${numeral(entry.position)}</span><span>${entry.title}</span>
          <span class="state">${entry.outcome ? words.outcomes[entry.outcome] : entry.announced || entry.state !== "pending" ? words.item_states[entry.state] : "只议不决"}</span>
        </li>`,
      )}
    </ol>
  </main>`;
}
