// The small parts forms of the console share: who in the room, and the way out.
import { html } from "../../vendor/ui.js";
import { openForm } from "./act.js";

/** @param {any} panels @returns {any[]} who is here, in the order of the seats */
export function presentPeople(panels) {
  return (panels.roster || []).filter((/** @type {any} */ person) => person.presence === "present");
}

/** @param {{id: string, label: string, panels: any, value: string, choose: (value: string) => void, none?: string}} props */
export function PersonField({ id, label, panels, value, choose, none }) {
  return html`<label for=${id}>${label}</label>
    <select id=${id} value=${value} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
      <option value="" disabled=${!none}>${none || "请选择"}</option>
      ${presentPeople(panels).map((person) => html`<option key=${person.representative} value=${person.representative}>${person.seat}号 ${person.name}（${person.party}）</option>`)}
    </select>`;
}

/** @param {{ready: boolean, label: string}} props */
export function SendOrLeave({ ready, label }) {
  return html`<div class="pair"><button class="button strong" type="submit" disabled=${!ready}>${label}</button><button class="button second" type="button" onClick=${() => {
    openForm.value = null;
  }}>收起</button></div>`;
}
