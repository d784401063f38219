// A text that people voted on, unchanged, with figures kept together with their measure word (6件, 4月30日).
import { html } from "../../vendor/ui.js";

const TOGETHER = /(\d+年\d+月\d+日|\d+月\d+日|\d+[\u4e00-\u9fff])/;

/** @param {{text: string}} props */
export function Prose({ text }) {
  return text.split(TOGETHER).map((part, i) => (i % 2 ? html`<span class="nowrap">${part}</span>` : part));
}
