// Panel `ideas` on the console: open a board, let ideas be seen, group them, make a motion or a topic of a group.
import { html, signal } from "../../vendor/ui.js";
import { ActButton, openForm } from "./act.js";
import { currentItem, isAsked } from "./agenda.js";
import { PersonField, SendOrLeave } from "./fields.js";

/** @typedef {import("./meeting.js").PanelProps} PanelProps */

// the list of those that wait stays short: the rest comes up as these are dealt with
const SHOWN = 4;
const question = signal("");
const entry = signal({ representative: "", text: "" });
const chosen = signal(
  /** @type {{idea: string, act: string, words: string}} */ ({ idea: "", act: "", words: "" }),
);

/** @param {PanelProps} props */
export function OpenBoardForm({ hall, panels }) {
  const item = currentItem(panels);
  const text = question.value;
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!text.trim()) return;
    hall.room.send("idea.open", { item: item.id, question: text.trim() }, (answer) => {
      if (!answer.ok) return;
      question.value = "";
      openForm.value = null;
    });
  }
  return html`<form class="small-form" onSubmit=${send}>
    <label for="board-question">请大家写什么，一句话问清楚</label>
    <input id="board-question" maxlength="80" value=${text} onInput=${(/** @type {any} */ event) => {
      question.value = event.target.value;
    }} />
    <p class="quiet">每条不超过60个字。记录人看过的才上大屏，大屏不显示姓名。</p>
    <${SendOrLeave} ready=${text.trim().length > 0} label="开始征集意见" />
  </form>`;
}

/** @param {PanelProps} props for people without phones */
function Enter({ hall, panels }) {
  const mine = entry.value;
  const isReady = mine.representative && mine.text.trim();
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!isReady) return;
    hall.room.send("idea.post", { representative: mine.representative, text: mine.text.trim() }, (answer) => {
      if (answer.ok) entry.value = { representative: "", text: "" };
    });
  }
  return html`<form class="small-form" onSubmit=${send}>
    <${PersonField} id="idea-who" label="替没有手机的人登记" panels=${panels} value=${mine.representative} choose=${(
      /** @type {string} */ value,
    ) => {
      entry.value = Object.assign({}, mine, { representative: value });
    }} />
    <label for="idea-words">说的是</label><input id="idea-words" maxlength="60" value=${mine.text} onInput=${(
      /** @type {any} */ event,
    ) => {
      entry.value = Object.assign({}, mine, { text: event.target.value });
    }} />
    <${SendOrLeave} ready=${isReady} label="登记这条意见" />
  </form>`;
}

/** @param {PanelProps & {idea: any, isWaiting: boolean}} props one idea with what may be done about it */
function Idea({ hall, panels, idea, isWaiting }) {
  const mine = chosen.value;
  const groups = panels.ideas.groups.map((/** @type {any} */ group) => group.name).filter(Boolean);
  /** @param {string} act @param {string} label */
  const pick = (act, label) =>
    html`<button class="text-button" type="button" onClick=${() => {
      chosen.value = { idea: idea.id, act, words: "" };
    }}>${label}</button>`;
  if (mine.idea !== idea.id)
    return html`<li><p>${idea.text}${isWaiting ? html` <span class="quiet">${idea.party}${idea.seat}号 ${idea.name}</span>` : null}</p>
      <p class="beside-acts">${isWaiting ? html`<${ActButton} hall=${hall} kind="text-button" act=${{ name: "idea.approve", label: "放上大屏", data: { ideas: [idea.id] } }} />` : null}${pick("group", "归类")}${pick("remove", "撤下")}</p></li>`;
  const isGroup = mine.act === "group";
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    const words = mine.words.trim();
    if (!words) return;
    const data = isGroup ? { ideas: [idea.id], group: words } : { idea: idea.id, reason: words };
    hall.room.send(isGroup ? "idea.group" : "idea.remove", data, (answer) => {
      if (answer.ok) chosen.value = { idea: "", act: "", words: "" };
    });
  }
  return html`<li><p>${idea.text}</p><form class="small-form" onSubmit=${send}>
    <label for="idea-act">${isGroup ? "归到哪一类，新的直接写" : "撤下的原因，提的人看得到"}</label>
    <input id="idea-act" list=${isGroup ? "idea-groups" : undefined} maxlength=${isGroup ? 20 : 200} value=${mine.words} onInput=${(
      /** @type {any} */ event,
    ) => {
      chosen.value = Object.assign({}, mine, { words: event.target.value });
    }} />
    ${isGroup ? html`<datalist id="idea-groups">${groups.map((/** @type {string} */ name) => html`<option key=${name} value=${name}></option>`)}</datalist>` : null}
    <div class="pair"><button class="button strong" type="submit" disabled=${!mine.words.trim()}>${isGroup ? "归类" : "撤下"}</button><button class="button second" type="button" onClick=${() => {
      chosen.value = { idea: "", act: "", words: "" };
    }}>先不动</button></div></form></li>`;
}

/** @param {any} group @returns {string} */
function joined(group) {
  return `${group.name}：${group.ideas.map((/** @type {any} */ idea) => idea.text).join("；")}`.slice(0, 500);
}

/** @param {PanelProps & {group: any}} props */
function Group({ hall, panels, group }) {
  const waits =
    panels.motion && panels.motion.amendments.some((/** @type {any} */ one) => one.state === "pending");
  const word = {
    name: "motion.word",
    label: "写成表决事项",
    data: { item: panels.ideas.item, text: joined(group), draft: true },
    confirm: panels.motion ? "大屏上原来的文字会换成这一类意见，再接着改。" : null,
  };
  const raise = {
    name: "idea.raise",
    label: "转成议题",
    data: { group: group.name, title: `${panels.ideas.question}：${group.name}`.slice(0, 80) },
    confirm: "转成议题以后，由办公室受理，列入以后的会议。",
  };
  const mayAct = group.name && !isAsked(panels);
  return html`<details><summary>${group.name || "没有归类"}　<b>${group.ideas.length}</b>${group.raised ? html`　<span class="quiet">已转成议题</span>` : null}</summary>
    ${mayAct ? html`<p class="beside-acts">${waits ? null : html`<${ActButton} hall=${hall} kind="text-button" act=${word} />`}${group.raised ? null : html`<${ActButton} hall=${hall} kind="text-button" act=${raise} />`}</p>` : null}
    <ul>${group.ideas.map((/** @type {any} */ idea) => html`<${Idea} key=${idea.id} hall=${hall} panels=${panels} idea=${idea} isWaiting=${false} />`)}</ul>
  </details>`;
}

/** @param {PanelProps} props */
export function Ideas({ hall, panels }) {
  const { ideas } = panels;
  if (!ideas || panels.meeting.state !== "open") return null;
  const waiting = ideas.to_approve;
  const isEntering = openForm.value !== null && openForm.value.name === "form.idea";
  return html`<div class="block ideas">
    <h2><span>意见征集：${ideas.question}</span><span>${ideas.shown}条</span></h2>
    ${waiting.length ? html`<p class="quiet">等记录人看的 ${waiting.length} 条</p>` : null}
    <ul>${waiting.slice(0, SHOWN).map((/** @type {any} */ idea) => html`<${Idea} key=${idea.id} hall=${hall} panels=${panels} idea=${idea} isWaiting=${true} />`)}</ul>
    ${ideas.groups.map((/** @type {any} */ group) => html`<${Group} key=${group.name} hall=${hall} panels=${panels} group=${group} />`)}
    ${isEntering && ideas.open ? html`<${Enter} hall=${hall} panels=${panels} />` : null}
    ${
      ideas.open && !isEntering
        ? html`<p class="beside-acts">${
            hall.page.role === "secretary"
              ? html`<button class="text-button" type="button" onClick=${() => {
                  openForm.value = { name: "form.idea", data: {} };
                }}>替人登记一条</button>`
              : null
          }<${ActButton} hall=${hall} kind="text-button" act=${{ name: "idea.close", label: "结束征集" }} /></p>`
        : null
    }
  </div>`;
}
