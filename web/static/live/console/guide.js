// Panel `guide`: the one next thing, and the words to say for it.
import { html } from "../../vendor/ui.js";
import { ActButton, Asked, isAsking, openForm } from "./act.js";
import { MinutesLink } from "./minutes.js";

/** @param {any} act a form that lies open already is the next thing itself: its own button is the filled one */
function unlessOpen(act) {
  const isOpen = openForm.value !== null && openForm.value.name === act.name && act.name === "form.tasks";
  return isOpen
    ? Object.assign({}, act, { weight: "second", label: "请在右边填写", blocked: "正在填写" })
    : act;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Guide({ hall, panels }) {
  const { guide } = panels;
  if (isAsking(panels)) return html`<${Asked} hall=${hall} />`;
  const mayAct = hall.page.role !== "secretary";
  // the count of hands is the secretary's to enter, in the block below
  const actions = guide.actions.filter(
    (/** @type {any} */ act) => act.name !== "form.hands" && (mayAct || act.name === "form.tasks"),
  );
  return html`<div class="guide" data-code=${guide.code}>
    <p class="step">下一步</p>
    <h1>${guide.step}</h1>
    <p class="say">${mayAct ? "照着念" : "主持人照着念"}</p>
    <blockquote>${guide.say}</blockquote>
    ${actions.length ? html`<div class="go">${actions.map((/** @type {any} */ act) => html`<${ActButton} key=${act.name + JSON.stringify(act.data)} hall=${hall} act=${unlessOpen(act)} />`)}</div>` : null}
    ${guide.hint ? html`<p class="hint">${guide.hint}</p>` : null}
    <${MinutesLink} panels=${panels} />
    ${actions.filter((/** @type {any} */ act) => act.blocked).map((/** @type {any} */ act) => html`<p class="quiet" key=${act.name}>${act.label}：${act.blocked}</p>`)}
  </div>`;
}

/** @param {any} panels @param {string} name @returns {boolean} whether the guide already offers this act */
export function guides(panels, name) {
  return panels.guide.actions.some((/** @type {any} */ act) => act.name === name);
}

/** @param {{panels: any}} props what must be met before a poll may decide */
export function Gate({ panels }) {
  const { gate } = panels.guide;
  if (!gate.length) return null;
  return html`<ol class="gate">${gate.map((/** @type {any} */ line) => html`<li key=${line.text} data-met=${line.met ? "yes" : "no"}><span>${line.text}</span></li>`)}</ol>`;
}
