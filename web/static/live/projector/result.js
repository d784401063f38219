// Panel `result` on the wall: seal, sentence with its arithmetic, and every seat as a cell.
import { html } from "../../vendor/ui.js";
import { numeral } from "../kernel/words.js";
import { Party } from "../marks/party.js";
import { Prose, Sentence } from "../marks/prose.js";
import { cellsOf, Seats } from "../marks/seats.js";
import { ChoiceCell, Seal } from "../marks/signs.js";
import { findItem } from "./agenda.js";
import { lengthOf } from "./poll.js";
import { crowdOf } from "./presence.js";

// parties of at most so many seats leave room for large figures beside their rows
const SMALL = 4;
const SHOWN_OPTIONS = 6;
// more votes than this for one option are drawn as bars of one scale
const COUNTABLE = 28;
const STANDARD = ["for", "against", "abstain"];

/** @param {any} tally */
function isStandard(tally) {
  return Object.keys(tally).every((option) => STANDARD.includes(option));
}

/**
 * The cells of one row: chosen, then present without a ballot, then not there.
 * @param {any} tally @param {number} entitled @param {number} present
 */
function rowCells(tally, entitled, present) {
  const cast = STANDARD.reduce((total, option) => total + (tally[option] || 0), 0);
  return cellsOf([
    ["for", tally.for || 0],
    ["against", tally.against || 0],
    ["abstain", tally.abstain || 0],
    ["none", Math.max(0, present - cast)],
    ["empty", Math.max(0, entitled - Math.max(present, cast))],
  ]);
}

/** @param {{party: any, words: any}} props */
function PartyRow({ party, words }) {
  const present = party.present === undefined ? party.entitled : party.present;
  const counts = STANDARD.map((option) => `${words.options[option]}${party.tally[option] || 0}`).join("，");
  return html`<li class="party-row">
    <${Party} party=${party} wide />
    <${Seats} cells=${rowCells(party.tally, party.entitled, present)} order=${party.order} label=${`${party.name}：${counts}，共${party.entitled}席`} />
    <span class="count">${STANDARD.map((option) => html`<span>${party.tally[option] ? `${words.options[option]} ${party.tally[option]}` : ""}</span>`)}</span>
  </li>`;
}

/** @param {any} result @returns {number} those who were there and gave no ballot */
function silentOf(result) {
  return Math.max(0, result.present - result.cast);
}

/** @param {{result: any, words: any}} props */
function Sums({ result, words }) {
  const missing = Math.max(0, result.entitled - Math.max(result.present, result.cast));
  const total = Math.max(0, ...Object.values(result.tally).map(Number));
  const lines = STANDARD.map((option) => [option, words.options[option], result.tally[option] || 0]);
  if (silentOf(result)) lines.push(["none", "未投", silentOf(result)]);
  if (missing) lines.push(["empty", "未到", missing]);
  return html`<p class="sums" data-digits=${total > 99 ? "three" : "two"} data-lines=${lines.length > 3 ? "many" : "few"}>
    <span class="quiet spare">一格是一席</span>
    ${lines.map(([cell, word, count]) => html`<span><${ChoiceCell} choice=${cell} />${word}<b class="num">${count}</b></span>`)}
  </p>`;
}

/** @param {{row: {text: string, cell: any, count: number}, largest: number}} props a cell for each, or a bar */
function Votes({ row, largest }) {
  const label = `${row.text}${row.count}`;
  if (largest <= COUNTABLE)
    return html`<${Seats} cells=${cellsOf([[row.cell, row.count]])} label=${label} />`;
  return html`<svg class="seat-bar plain" viewBox=${`0 0 ${largest} 1`} preserveAspectRatio="none" role="img" aria-label=${label}>
    <rect data-cell=${row.cell} width=${row.count} height="1" />
  </svg>`;
}

/**
 * One row per option, for secret polls and for options of one's own: whose ballot a cell is, nobody can tell.
 * @param {{result: any, options: any[], isStandard: boolean}} props
 */
function OptionRows({ result, options, isStandard }) {
  const rows = options.map((option) => ({
    id: option.id,
    text: option.text,
    cell: isStandard ? option.id : "here",
    count: result.tally[option.id] || 0,
  }));
  const most = rows.length > SHOWN_OPTIONS + 1 ? [...rows].sort((a, b) => b.count - a.count) : rows;
  const shown = rows.length > SHOWN_OPTIONS + 1 ? most.slice(0, SHOWN_OPTIONS) : most;
  const rest = most.slice(shown.length);
  if (silentOf(result)) shown.push({ id: "none", text: "未投", cell: "none", count: silentOf(result) });
  const largest = Math.max(0, ...shown.map((row) => row.count));
  const crowd = largest <= 9 ? "least" : largest <= 14 ? "few" : largest <= COUNTABLE ? "some" : "many";
  return html`<ol class="option-rows" data-crowd=${crowd} data-rows=${shown.length > 6 ? "many" : shown.length > 4 ? "some" : "few"} data-words=${isStandard ? "short" : "long"}>
    ${shown.map(
      (row) => html`<li class="party-row" key=${row.id}>
        <span class="option">${row.text}</span>
        <span class="count"><b>${row.count}</b> ${row.id === "none" ? "人" : "票"}</span><${Votes} row=${row} largest=${largest} />
      </li>`,
    )}
    ${rest.length ? html`<li class="kicker">其余${rest.length}项共${rest.reduce((sum, row) => sum + row.count, 0)}票，全部见纪要</li>` : null}
  </ol>`;
}

/** @param {any} result @returns {number} the seats of the largest party */
function largestOf(result) {
  return Math.max(0, ...result.parties.map((/** @type {any} */ party) => party.entitled));
}

/** @param {any} result @returns {"none" | "options" | "beside" | "below"} where the seats stand on the wall */
function layoutOf(result) {
  if (result.poll === null) return "none";
  if (!isStandard(result.tally) || !result.parties) return "options";
  return largestOf(result) <= SMALL && result.parties.length <= 5 ? "beside" : "below";
}

/** @param {import("./meeting.js").PanelProps} props */
function Rows({ hall, panels }) {
  const { result } = panels;
  const { words } = hall;
  const layout = layoutOf(result);
  if (layout === "none") return null;
  if (layout === "options")
    return html`<section><${OptionRows} result=${result} options=${result.options} isStandard=${isStandard(result.tally)} /></section>`;
  return html`<section class=${layout} data-largest=${largestOf(result)}>
    <${Sums} result=${result} words=${words} />
    <ol class="party-rows" data-crowd=${crowdOf(result.parties, 11)} data-parties=${result.parties.length > 5 ? "many" : "few"}>
      ${result.parties.map((/** @type {any} */ party) => html`<${PartyRow} key=${party.id} party=${party} words=${words} />`)}
    </ol>
  </section>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Result({ hall, panels }) {
  const { result } = panels;
  const { words } = hall;
  const item = findItem(panels, result.item);
  const nature = result.poll === null ? "无异议通过" : words.natures[result.nature];
  return html`<main class="projector-body verdict" data-rows=${layoutOf(result)} data-length=${lengthOf(result.sentence)}>
    <section class="head">
      <${Seal} outcome=${result.seal} words=${words} />
      <div>
        <p class="motion">${item ? `第${numeral(item.position)}项` : ""}${nature ? `（${nature}${result.secrecy === "secret" ? "，无记名" : ""}）` : ""} ${result.text}</p>
        <h1 class="sentence"><${Sentence} sentence=${result.sentence} /></h1>
        ${result.nature === "sounding" ? html`<p class="motion">意向征询，不替代业主共同决定。</p>` : null}
      </div>
    </section>
    <${Rows} hall=${hall} panels=${panels} />
  </main>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function VoidPoll({ hall, panels }) {
  const { poll } = panels;
  return html`<main class="projector-body verdict" data-rows="none">
    <section class="head">
      <${Seal} outcome="void" words=${hall.words} />
      <div>
        <p class="motion">${poll.text}</p>
        <h1 class="sentence">主持人宣布<b>本次表决作废</b>。<br />原因：<${Prose} text=${poll.void_reason || ""} /></h1>
        <p class="kicker">已经投的票都不算数，票数不公布。要再表决，会重新开启。</p>
      </div>
    </section>
  </main>`;
}
