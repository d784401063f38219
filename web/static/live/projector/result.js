// Panel `result` on the wall: seal, sentence with its arithmetic, and every seat as a cell.
import { html } from "../../vendor/ui.js";
import { numeral } from "../kernel/words.js";
import { Party } from "../marks/party.js";
import { ChoiceCell, cellsOf, Seats } from "../marks/seats.js";
import { Seal } from "../marks/signs.js";
import { findItem } from "./agenda.js";
import { crowdOf } from "./presence.js";

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

/** @param {{result: any, words: any}} props */
function Sums({ result, words }) {
  const [silent, missing] = (result.parties || []).reduce(
    (/** @type {number[]} */ sums, /** @type {any} */ party) => {
      const there = party.present === undefined ? party.entitled : Math.max(party.present, party.cast);
      return [sums[0] + there - party.cast, sums[1] + party.entitled - there];
    },
    [0, 0],
  );
  const total = Math.max(0, ...Object.values(result.tally).map(Number));
  return html`<p class="sums" data-digits=${total > 99 ? "three" : "two"}>
    <span class="quiet spare">一格是一席</span>
    ${STANDARD.map((option) => html`<span><${ChoiceCell} choice=${option} />${words.options[option]}<b class="num">${result.tally[option] || 0}</b></span>`)}
    ${silent ? html`<span><${ChoiceCell} choice="none" />未投<b class="num">${silent}</b></span>` : null}
    ${missing ? html`<span><${ChoiceCell} choice="empty" />未到<b class="num">${missing}</b></span>` : null}
  </p>`;
}

/** @param {{result: any, options: any[]}} props a poll with its own options: one row per option */
function OptionRows({ result, options }) {
  return html`<ol class="option-rows">
    ${options.map((option) => {
      const count = result.tally[option.id] || 0;
      return html`<li class="party-row">
        <span class="option">${option.text}</span>
        <${Seats} cells=${cellsOf([["here", count]])} label=${`${option.text}${count}票`} /><span class="count"><b>${count}</b> 票</span>
      </li>`;
    })}
  </ol>`;
}

/** @param {import("./meeting.js").PanelProps} props */
function Rows({ hall, panels }) {
  const { result, poll } = panels;
  const { words } = hall;
  if (result.poll === null) return null;
  if (!isStandard(result.tally)) {
    const known =
      poll && poll.id === result.poll
        ? poll.options
        : Object.keys(result.tally).map((id) => ({ id, text: id }));
    return html`<section><${OptionRows} result=${result} options=${known} /></section>`;
  }
  return html`<section>
    <${Sums} result=${result} words=${words} />
    ${
      result.parties
        ? html`<ol class="party-rows" data-crowd=${crowdOf(result.parties, 11)} data-parties=${result.parties.length > 5 ? "many" : "few"}>
            ${result.parties.map((/** @type {any} */ party) => html`<${PartyRow} key=${party.id} party=${party} words=${words} />`)}
          </ol>`
        : html`<div class="together"><${Seats} cells=${rowCells(result.tally, 0, 0)} label="每格一票" /></div>`
    }
  </section>`;
}

/** @param {{sentence: string}} props the last clause is the verdict */
export function Sentence({ sentence }) {
  const cut = sentence.lastIndexOf("，") + 1;
  return html`<h1 class="sentence">${sentence.slice(0, cut)}<b>${sentence.slice(cut)}</b></h1>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Result({ hall, panels }) {
  const { result } = panels;
  const { words } = hall;
  const item = findItem(panels, result.item);
  const nature = result.poll === null ? "无异议通过" : words.natures[result.nature];
  return html`<main class="projector-body verdict" data-rows=${result.poll === null ? "none" : "some"}>
    <section class="head">
      <${Seal} outcome=${result.outcome} words=${words} />
      <div>
        <p class="motion">${item ? `第${numeral(item.position)}项` : ""}${nature ? `（${nature}）` : ""} ${result.text}</p>
        <${Sentence} sentence=${result.sentence} />
        ${result.nature === "sounding" ? html`<p class="motion">意向征询，不替代业主共同决定。</p>` : null}
      </div>
    </section>
    <${Rows} hall=${hall} panels=${panels} />
  </main>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function VoidPoll({ hall, panels }) {
  return html`<main class="projector-body verdict" data-rows="none">
    <section class="head">
      <${Seal} outcome="void" words=${hall.words} />
      <div><p class="motion">${panels.poll.text}</p><h1 class="sentence">主持人宣布<b>本次表决作废</b>，票数不公布，原因记入纪要。</h1></div>
    </section>
  </main>`;
}
