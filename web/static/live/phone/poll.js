// Panel `poll` on the phone: choose, confirm, receipt. A choice lives on this page alone until it is confirmed.
import { html, signal, useEffect } from "../../vendor/ui.js";
import { timeOfDay } from "../kernel/clock.js";
import { isWaiting, newId } from "../kernel/wishes.js";
import { numeral } from "../kernel/words.js";
import { Changes } from "../marks/changes.js";
import { findParty, Mark } from "../marks/party.js";
import { Prose } from "../marks/prose.js";
import { ChoiceCell } from "../marks/signs.js";
import { Action } from "./action.js";
import { currentItem, itemWords } from "./agenda.js";
import { elderMode } from "./elder.js";
import { Frame } from "./meeting.js";

/** @typedef {import("./meeting.js").PanelProps} PanelProps */

const draft = signal({ poll: "", choice: "", isConfirming: false });
const leftReceipt = signal("");

/** @param {any} poll @param {string} choice */
function optionText(poll, choice) {
  const found = poll.options.find((/** @type {any} */ option) => option.id === choice);
  return found ? found.text : "";
}

/** @param {any} panels @returns {boolean} */
export function hasVoted(panels) {
  const { me, poll } = panels;
  return Boolean(me && poll && me.ballot && me.ballot.poll === poll.id);
}

/** @param {any} panels @returns {boolean} whether the receipt still covers the room */
export function showsReceipt(panels) {
  return hasVoted(panels) && leftReceipt.value !== panels.poll.id;
}

/** @param {{text: string}} props */
function ReadAloud({ text }) {
  if (!elderMode() || !("speechSynthesis" in window)) return null;
  function read() {
    speechSynthesis.cancel();
    const voice = new SpeechSynthesisUtterance(text);
    voice.lang = "zh-CN";
    voice.rate = 0.9;
    speechSynthesis.speak(voice);
  }
  return html`<button class="read-aloud" type="button" onClick=${read}>读给我听</button>`;
}

/** @param {any} poll @param {any} words */
function natureLine(poll, words) {
  const sounding = poll.nature === "sounding" ? " · 不替代业主共同决定" : "";
  const change = poll.secrecy === "secret" ? " · 保密性取决于服务器管理者" : "";
  return `${words.natures[poll.nature]} · ${words.secrecy[poll.secrecy]} · ${poll.may_change ? "截止前可以撤回重投" : "投后不改"}${sounding}${change}`;
}

/** @param {PanelProps} props */
export function Ballot({ hall, panels }) {
  const { poll } = panels;
  const { room, words } = hall;
  const isSending = isWaiting(room, "ballot.cast", { poll: poll.id });
  const mine =
    draft.value.poll === poll.id ? draft.value : { poll: poll.id, choice: "", isConfirming: false };
  const sent = room.waiting.value.find((wish) => wish.name === "ballot.cast" && wish.data.poll === poll.id);
  if (isSending && sent)
    return html`<${Confirm} hall=${hall} panels=${panels} choice=${String(sent.data.choice)} />`;
  if (mine.isConfirming) return html`<${Confirm} hall=${hall} panels=${panels} choice=${mine.choice} />`;
  const item = currentItem(panels);
  const isBrief =
    poll.options.length <= 3 && poll.options.every((/** @type {any} */ option) => option.text.length <= 2);
  const thumb = html`<div class="choices" data-brief=${isBrief ? "yes" : undefined} role="group" aria-label="请选择一项">
      ${poll.options.map(
        (/** @type {any} */ option) =>
          html`<button key=${option.id} class="choice" type="button" aria-pressed=${mine.choice === option.id ? "true" : "false"} onClick=${() => {
            draft.value = { poll: poll.id, choice: option.id, isConfirming: true };
          }}><span><${ChoiceCell} choice=${option.id} /><span>${option.text}</span>${mine.choice === option.id ? html`<span class="picked">已选</span>` : null}</span></button>`,
      )}
    </div>
    <p class="pad-hint">点一项，下一步再确认。不选就不算数。</p>`;
  return html`<${Frame} hall=${hall} panels=${panels} kind="ballot" thumb=${thumb}>
    <${ReadAloud} text=${poll.text} />
    <p class="kicker now"><b>正在表决${poll.amendment ? `第${poll.amendment.number}条修改意见` : ""}${item ? ` · 第${numeral(item.position)}项` : ""}</b></p>
    <h1 class="motion" data-length=${poll.text.length > 90 ? "long" : undefined}>${poll.amendment ? html`<${Changes} changes=${poll.amendment.changes} />` : html`<${Prose} text=${poll.text} />`}</h1>
    <p class="nature">${natureLine(poll, words)}</p>
  </${Frame}>`;
}

/** @param {PanelProps & {choice: string}} props */
function Confirm({ hall, panels, choice }) {
  const { poll } = panels;
  const { room } = hall;
  const isOpen = poll.secrecy === "open";
  useEffect(() => window.scrollTo(0, 0), []);
  function done() {
    draft.value = { poll: poll.id, choice: "", isConfirming: false };
  }
  const data = { poll: poll.id, choice, nonce: newId() };
  const isSending = isWaiting(room, "ballot.cast", { poll: poll.id });
  const thumb = html`<${Action} hall=${hall} name="ballot.cast" data=${data} match=${{ poll: poll.id }} label="确认投票" done=${done} />
    ${
      isSending
        ? null
        : html`<button class="button second" type="button" onClick=${() => {
            draft.value = { poll: poll.id, choice, isConfirming: false };
          }}>回去重选</button>`
    }`;
  return html`<${Frame} hall=${hall} panels=${panels} kind="turn confirm" thumb=${thumb}>
    <p class="kicker">${itemWords(panels, poll.item)}</p>
    <h1>您要投的是</h1>
    <p class="chosen" data-length=${optionText(poll, choice).length > 4 ? "long" : undefined}><${ChoiceCell} choice=${choice} />${optionText(poll, choice)}</p>
    <p class="quiet">${isOpen ? "记名表决，谁投了什么会记入纪要。" : "无记名，只记您投过票，不记您投了什么。"}${poll.may_change ? "截止以前可以撤回，重新投。" : "投出后不能再改。"}</p>
  </${Frame}>`;
}

/** @param {PanelProps} props */
export function Receipt({ hall, panels }) {
  const { poll, me } = panels;
  const choice = me.ballot.choice || null;
  const text = choice ? optionText(poll, choice) : "";
  const party = findParty(panels, me.party_id || me.party);
  const base = poll.present;
  const match = { poll: poll.id };
  const thumb = html`<button class="button second" type="button" onClick=${() => {
    leftReceipt.value = poll.id;
  }}>回到会议</button>
    ${poll.may_change ? html`<${Action} hall=${hall} name="ballot.withdraw" data=${match} match=${match} label="撤回，重新投" weight="second" />` : null}`;
  return html`<${Frame} hall=${hall} panels=${panels} kind="turn receipt" thumb=${thumb}>
    <div role="status"><h1>已收到您的选票</h1></div>
    ${text ? html`<p class="chosen" data-length=${text.length > 4 ? "long" : undefined}><${ChoiceCell} choice=${choice} />${text}</p>` : html`<p class="chosen">已投票</p>`}
    ${me.ballot.received_at ? html`<p class="time">${timeOfDay(me.ballot.received_at, true)} 记录在案</p>` : html`<p class="time">无记名，不显示投了什么、什么时候投的</p>`}
    <dl class="facts">
      <dt>表决事项</dt><dd>${itemWords(panels, poll.item)}</dd>
      <dt>投票人</dt><dd><${Mark} mark=${party.mark} order=${party.order} /> ${me.party} ${me.name}</dd>
      <dt>已投</dt><dd>${poll.cast} / ${Math.max(base, poll.cast)} 人</dd>
    </dl>
  </${Frame}>`;
}
