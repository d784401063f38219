// Panel `roster` on the console: who is still missing, and the way to the desk.
import { html } from "../../vendor/ui.js";

const SHOWN = 12;

/** @param {import("./meeting.js").PanelProps} props */
export function Roster({ hall, panels }) {
  const missing = (panels.roster || []).filter((/** @type {any} */ person) => person.presence !== "present");
  const excused = missing.filter((/** @type {any} */ person) => person.presence === "excused");
  const absent = missing.filter((/** @type {any} */ person) => person.presence !== "excused");
  const { recused } = panels.agenda;
  const isOver = panels.meeting.state === "closed";
  const names = absent.slice(0, SHOWN).map((/** @type {any} */ person) => person.name);
  return html`<div class="block roster">
    <h2><span>${isOver ? "没有到" : "还没有到"}</span><a href=${`/meetings/${hall.page.meeting}/desk`} target="_blank" rel="noopener">签到台</a></h2>
    <p>${absent.length ? `${names.join("、")}${absent.length > SHOWN ? `等${absent.length}人` : ""}` : "都到了"}</p>
    ${recused.length ? html`<p>本项回避：${recused.map((/** @type {any} */ person) => person.name).join("、")}</p>` : null}
    ${excused.length ? html`<p class="quiet">请假：${excused.map((/** @type {any} */ person) => person.name).join("、")}</p>` : null}
  </div>`;
}
