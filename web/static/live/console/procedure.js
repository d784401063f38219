// Panel `procedure` on the console: a procedural motion is put by word of mouth and its answer recorded.
import { html, signal } from "../../vendor/ui.js";
import { handsWords } from "../marks/hands.js";
import { ActButton, openForm } from "./act.js";
import { PersonField, SendOrLeave } from "./fields.js";

/** @type {Record<string, [string, string]>} */
const MATTERS = {
  recess: ["休会", "现在休会十分钟"],
  close_debate: ["结束讨论", "结束讨论，进入表决"],
  agenda_order: ["改变议程次序", "改变议程次序，先议第"],
  refer: ["交付", "这一项交给"],
  other: ["其他", ""],
};
const EMPTY = {
  matter: "recess",
  text: "现在休会十分钟",
  representative: "",
  way: "unopposed",
  in_favour: "",
  against: "",
  abstained: "",
};
const draft = signal(EMPTY);

/** @param {any} panels @returns {any} what the chair does when it passed */
function followUp(panels) {
  const { procedure, speaker_queue: queue } = panels;
  if (!procedure.passed) return null;
  if (procedure.matter === "recess") return { name: "meeting.suspend", label: "现在休会" };
  if (procedure.matter === "close_debate" && queue.open) return { name: "queue.close", label: "结束讨论" };
  return null;
}

/** @param {import("./meeting.js").PanelProps} props the last one, until the next thing happens */
export function Procedure({ hall, panels }) {
  const { procedure } = panels;
  if (!procedure) return null;
  const next = hall.page.role === "secretary" ? null : followUp(panels);
  return html`<div class="block procedure"><h2><span>程序性动议</span><span>${procedure.passed ? "通过" : "未通过"}</span></h2>
    <p class="song">${procedure.text}</p><p class="quiet">${handsWords(procedure)}。不算决议，记入纪要。</p>
    ${next ? html`<div class="go"><${ActButton} hall=${hall} act=${next} /></div>` : null}</div>`;
}

/** @param {typeof EMPTY} mine @param {number} present @returns {string} what is wrong with the count, or "" */
function wrongCount(mine, present) {
  if (mine.way === "unopposed") return "";
  const hands = [mine.in_favour, mine.against, mine.abstained].map((one) => Number(one || 0));
  const sum = hands[0] + hands[1] + hands[2];
  if (hands.some((one) => !Number.isInteger(one) || one < 0)) return "请填人数。";
  if (sum > present) return `举手的合起来${sum}人，到会只有${present}人。`;
  return sum === 0 ? "请填举手的人数。" : "";
}

/** @param {typeof EMPTY} mine @returns {Record<string, unknown>} */
function dataOf(mine) {
  const said = { matter: mine.matter, text: mine.text.trim(), unopposed: mine.way === "unopposed" };
  const hands =
    mine.way === "unopposed"
      ? {}
      : {
          in_favour: Number(mine.in_favour || 0),
          against: Number(mine.against || 0),
          abstained: Number(mine.abstained || 0),
        };
  return Object.assign(said, hands, mine.representative ? { representative: mine.representative } : {});
}

/** @param {import("./meeting.js").PanelProps} props */
export function ProcedureForm({ hall, panels }) {
  const mine = draft.value;
  const wrong = wrongCount(mine, panels.presence.present);
  /** @param {string} field */
  const put = (field) => (/** @type {any} */ event) => {
    draft.value = Object.assign({}, mine, { [field]: event.target.value });
  };
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (wrong || !mine.text.trim()) return;
    hall.room.send("procedure.decide", dataOf(mine), (answer) => {
      if (!answer.ok) return;
      draft.value = EMPTY;
      openForm.value = null;
    });
  }
  return html`<form class="small-form" onSubmit=${send}>
    <label for="procedure-matter">什么事</label>
    <select id="procedure-matter" value=${mine.matter} onChange=${(/** @type {any} */ event) => {
      draft.value = Object.assign({}, mine, {
        matter: event.target.value,
        text: MATTERS[event.target.value][1],
      });
    }}>${Object.entries(MATTERS).map(([code, words]) => html`<option key=${code} value=${code}>${words[0]}</option>`)}</select>
    <label for="procedure-text">怎么说</label><input id="procedure-text" maxlength="120" value=${mine.text} onInput=${put("text")} />
    <${PersonField} id="procedure-who" label="谁提出" none="主持人" panels=${panels} value=${mine.representative} choose=${(/** @type {string} */ value) => put("representative")({ target: { value } })} />
    <fieldset class="choice-line"><legend>大家怎么答</legend>
      <label><input type="radio" name="procedure-way" value="unopposed" checked=${mine.way === "unopposed"} onChange=${put("way")} /><span>没有异议</span></label>
      <label><input type="radio" name="procedure-way" value="hands" checked=${mine.way === "hands"} onChange=${put("way")} /><span>举手</span></label></fieldset>
    ${
      mine.way === "hands"
        ? html`<div class="three">${[
            ["in_favour", "赞成"],
            ["against", "反对"],
            ["abstained", "弃权"],
          ].map(
            ([field, words]) =>
              html`<div key=${field}><label for=${`procedure-${field}`}>${words}</label><input id=${`procedure-${field}`} inputmode="numeric" maxlength="4" value=${/** @type {any} */ (mine)[field]} onInput=${put(field)} /></div>`,
          )}</div>${wrong ? html`<p class="quiet" role="status">${wrong}</p>` : null}`
        : null
    }
    <${SendOrLeave} ready=${!wrong && mine.text.trim().length > 0} label="记录" />
  </form>`;
}
