// Panel `ideas` on the phone, loaded when a board is opened: write a short idea, see mine and everybody's.
import { html, signal } from "../../vendor/ui.js";
import { allowed } from "../kernel/wishes.js";
import { Action } from "./action.js";

const LONGEST = 60;
const written = signal({ item: "", text: "" });
/** @type {Record<string, string>} */
const FATE = { waiting: "等记录人看过", shown: "已上大屏" };

/** @param {any} idea */
function fateOf(idea) {
  return idea.state === "removed" ? `撤下了：${idea.reason}` : FATE[idea.state];
}

/** @param {import("./meeting.js").PanelProps} props */
function Write({ hall, panels }) {
  const { ideas, me } = panels;
  const mine = me.ideas.filter((/** @type {any} */ idea) => idea.state !== "removed").length;
  const text = written.value.item === ideas.item ? written.value.text : "";
  if (mine >= ideas.per_person)
    return html`<p class="quiet">您已经提了${mine}条，最多${ideas.per_person}条。</p>`;
  return html`<div class="idea-form"><label for="idea-text">我的意见，不超过${LONGEST}个字</label>
    <input id="idea-text" maxlength=${LONGEST} autocomplete="off" value=${text} onInput=${(
      /** @type {any} */ event,
    ) => {
      written.value = { item: ideas.item, text: event.target.value };
    }} />
    ${
      text.trim()
        ? html`<${Action} hall=${hall} name="idea.post" data=${{ text: text.trim() }} label="提交这条意见" weight="" done=${(
            /** @type {any} */ answer,
          ) => {
            if (answer.ok) written.value = { item: "", text: "" };
          }} />`
        : html`<button class="button" type="button" disabled>先写一句</button>`
    }
    <p class="quiet">还可以提${ideas.per_person - mine}条。记录人看过再上大屏，大屏上不显示姓名。</p></div>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Ideas({ hall, panels }) {
  const { ideas, me } = panels;
  const mine = me ? me.ideas : [];
  return html`<section class="ideas">
    <p class="kicker">${ideas.open ? "正在征集意见" : "征集意见已结束"} · 共${ideas.shown}条</p>
    <h2>${ideas.question}</h2>
    ${me && ideas.open && allowed(panels).includes("idea.post") ? html`<${Write} hall=${hall} panels=${panels} />` : null}
    ${mine.length ? html`<h3>我提的</h3><ul>${mine.map((/** @type {any} */ idea) => html`<li key=${idea.id}>${idea.text}<span class="quiet">　${fateOf(idea)}</span></li>`)}</ul>` : null}
    ${ideas.groups.map(
      (
        /** @type {any} */ group,
      ) => html`<h3 key=${`group-${group.name}`}>${group.name || "没有归类"}（${group.ideas.length}）</h3>
        <ul key=${`ideas-${group.name}`}>${group.ideas.map((/** @type {any} */ idea) => html`<li key=${idea.id}>${idea.text}${idea.name ? html`<span class="quiet">　${idea.party} ${idea.name}</span>` : null}</li>`)}</ul>`,
    )}
  </section>`;
}
