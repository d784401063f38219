// What the desk does beside the one next thing: live wording, amendments, procedural motions, ideas, an urgent item.
import { html } from "../../vendor/ui.js";
import { openForm } from "./act.js";
import { currentItem, isAsked } from "./agenda.js";
import { AmendForm, mayAmend } from "./amendments.js";
import { OpenBoardForm } from "./ideas.js";
import { ProcedureForm } from "./procedure.js";
import { ReferForm } from "./refer.js";
import { mayWord, WordingForm } from "./wording.js";

/** @typedef {import("./meeting.js").PanelProps} PanelProps */

const FORMS = [
  { name: "form.wording", label: "边写边上大屏", Form: WordingForm, may: mayWord },
  { name: "form.amend", label: "登记修改意见", Form: AmendForm, may: mayAmend },
  {
    name: "form.procedure",
    label: "程序性动议",
    Form: ProcedureForm,
    may: (/** @type {any} */ _, /** @type {string} */ role) => role !== "secretary",
  },
  {
    name: "form.board",
    label: "征集意见",
    Form: OpenBoardForm,
    may: (/** @type {any} */ panels) => currentItem(panels) !== null && !(panels.ideas && panels.ideas.open),
  },
  {
    name: "form.refer",
    label: "交付办理",
    Form: ReferForm,
    may: (/** @type {any} */ panels) => {
      const item = currentItem(panels);
      return item !== null && !item.announced && !item.referred;
    },
  },
];

/** @param {PanelProps} props */
export function Beside({ hall, panels }) {
  if (panels.meeting.state !== "open" || isAsked(panels)) return null;
  const role = hall.page.role || "";
  const open = openForm.value;
  const shown = FORMS.filter((one) => one.may(panels, role));
  const chosen = shown.find((one) => open !== null && one.name === open.name);
  return html`<div class="block beside">
    <h2><span>会上另办</span></h2>
    ${
      chosen
        ? html`<${chosen.Form} key=${chosen.name} hall=${hall} panels=${panels} />`
        : html`<p class="beside-acts">${shown.map(
            (one) =>
              html`<button class="text-button" type="button" key=${one.name} onClick=${() => {
                openForm.value = { name: one.name, data: {} };
              }}>${one.label}</button>`,
          )}</p>`
    }
  </div>`;
}
