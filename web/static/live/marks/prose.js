// A text that people voted on, unchanged, with figures kept together with their measure word (6件, 4月30日).
import { html } from "../../vendor/ui.js";

const TOGETHER = /(\d+年\d+月\d+日|\d+月\d+日前?|\d+[\u4e00-\u9fff])/;

// in a verdict a count stays with what it counts (赞成17票、), a share is one word (三分之二)
const COUNTS =
  /([^，；、。]{0,16}?\d+[票人](?:未投票)?[，；、。]?|[一二三四五六七八九十]+分之[一二三四五六七八九十]+[，；。]?)/;

/** @param {{text: string}} props */
export function Prose({ text }) {
  return text.split(TOGETHER).map((part, i) => (i % 2 ? html`<span class="nowrap">${part}</span>` : part));
}

/** @param {{sentence: string}} props a verdict's sentence, with the verdict itself, its last clause, on one line */
export function Sentence({ sentence }) {
  const cut = sentence.lastIndexOf("，") + 1;
  const pieces = sentence.slice(0, cut).split(COUNTS);
  return html`${pieces.map((piece, i) => (i % 2 ? html`<span class="whole">${piece}</span>` : piece))}<b class="whole">${sentence.slice(cut)}</b>`;
}
