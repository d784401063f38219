// Panel `result` on the phone: the seal never without its sentence.
import { html, signal } from "../../vendor/ui.js";
import { later } from "../kernel/later.js";
import { Prose, Sentence } from "../marks/prose.js";
import { Seal } from "../marks/signs.js";
import { Frame } from "./meeting.js";

const membersPart = later(() => import("./members.js"));
const leftResult = signal("");

/** @param {any} result */
function keyOf(result) {
  return result.poll || `consent:${result.item}`;
}

/** @param {any} panels @returns {boolean} whether the verdict still covers the room */
export function showsResult(panels) {
  return Boolean(panels.result) && leftResult.value !== keyOf(panels.result);
}

/** @param {import("./meeting.js").PanelProps} props */
export function Result({ hall, panels }) {
  const { result } = panels;
  const { words } = hall;
  const members = membersPart();
  const thumb = html`<button class="button second" type="button" onClick=${() => {
    leftResult.value = keyOf(result);
  }}>回到会议</button>`;
  return html`<${Frame} hall=${hall} panels=${panels} kind="verdict-view" thumb=${thumb}>
    <p class="kicker">${result.poll === null ? "无异议通过" : words.natures[result.nature]}</p>
    <p class="verdict-line"><${Seal} outcome=${result.seal} words=${words} /></p>
    <h1 class="sentence"><${Sentence} sentence=${result.sentence} /></h1>
    ${result.nature === "sounding" ? html`<p class="quiet">意向征询，不替代业主共同决定。</p>` : null}
    <p class="motion-quote"><${Prose} text=${result.text} /></p>
    ${members ? html`<${members.Members} hall=${hall} panels=${panels} />` : null}
  </${Frame}>`;
}

/** @param {any} panels @returns {boolean} whether the word that a poll was declared void still covers the room */
export function showsVoid(panels) {
  const { poll } = panels;
  return Boolean(poll) && poll.state === "void" && leftResult.value !== `void:${poll.id}`;
}

/** @param {import("./meeting.js").PanelProps} props what a void poll means, why it is void, and what comes next */
export function VoidPoll({ hall, panels }) {
  const { poll, me } = panels;
  const thumb = html`<button class="button second" type="button" onClick=${() => {
    leftResult.value = `void:${poll.id}`;
  }}>回到会议</button>`;
  return html`<${Frame} hall=${hall} panels=${panels} kind="verdict-view" thumb=${thumb}>
    <p class="kicker">主持人宣布</p>
    <h1>表决作废</h1>
    <p class="sentence">原因：${poll.void_reason}</p>
    <p class="after">已经投的票都不算数，票数不公布。${me ? "如果重新表决，手机会再请您投票，请再投一次。" : ""}</p>
    <p class="motion-quote"><${Prose} text=${poll.text} /></p>
  </${Frame}>`;
}
