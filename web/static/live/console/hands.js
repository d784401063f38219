// A show of hands on the console: the secretary enters what two people counted, the chair confirms it in the guide.
import { html, signal } from "../../vendor/ui.js";
import { isWaiting } from "../kernel/wishes.js";

/**
 * @typedef {import("../kernel/page.js").Hall} Hall
 * @typedef {{poll: string, isByParty: boolean, counts: Record<string, string>, counter: string, checker: string}} Draft
 */

const EMPTY = { poll: "", isByParty: false, counts: {}, counter: "", checker: "" };
const draft = signal(/** @type {Draft} */ (EMPTY));

/** @param {Draft} former @param {any} panels */
function ofPoll(former, panels) {
  return former.poll === panels.poll.id ? former : Object.assign({}, EMPTY, { poll: panels.poll.id });
}

/** @param {any} panels @param {Partial<Draft>} change */
function put(panels, change) {
  draft.value = Object.assign({}, ofPoll(draft.value, panels), change);
}

/** @param {any} panels @param {string} key @param {string} text typed faster than the page is drawn, no figure is lost */
function putFigure(panels, key, text) {
  put(panels, { counts: Object.assign({}, ofPoll(draft.value, panels).counts, { [key]: text }) });
}

/** @param {any} panels @param {Draft} written every figure the count needs, by option and (counted apart) by party */
function rowsOf(panels, written) {
  const parties = written.isByParty ? panels.presence.parties : [{ id: null, name: "全场" }];
  return parties.map((/** @type {any} */ party) => ({
    party,
    cells: panels.poll.options.map((/** @type {any} */ option) => ({
      option,
      key: `${party.id || ""}:${option.id}`,
    })),
  }));
}

/** @param {any} panels @param {Draft} written @returns {Record<string, unknown>[] | null} null while a figure is missing */
function countsOf(panels, written) {
  const counts = [];
  for (const { party, cells } of rowsOf(panels, written))
    for (const { option, key } of cells) {
      const text = (written.counts[key] || "").trim();
      if (!/^\d{1,5}$/.test(text)) return null;
      const one = { option: option.id, count: Number(text) };
      counts.push(party.id ? Object.assign(one, { party: party.id }) : one);
    }
  return counts;
}

/** @param {{panels: any, name: "counter" | "checker", label: string, written: Draft}} props somebody who sits in the room */
function Person({ panels, name, label, written }) {
  const other = name === "counter" ? written.checker : written.counter;
  const people = panels.roster.filter(
    (/** @type {any} */ one) => one.presence === "present" && one.representative !== other,
  );
  return html`<div><label for=${`hands-${name}`}>${label}</label>
    <select id=${`hands-${name}`} value=${written[name]} onChange=${(/** @type {any} */ event) => put(panels, { [name]: event.target.value })}>
      <option value="">请选人</option>
      ${people.map((/** @type {any} */ one) => html`<option key=${one.representative} value=${one.representative}>${one.seat}号 ${one.name}（${one.party}）</option>`)}
    </select></div>`;
}

/** @param {{panels: any, written: Draft}} props */
function Figures({ panels, written }) {
  const { poll } = panels;
  return html`<table class="hands-figures"><thead><tr><th></th>${poll.options.map((/** @type {any} */ option) => html`<th key=${option.id} scope="col">${option.text}</th>`)}</tr></thead>
    <tbody>${rowsOf(panels, written).map(
      (/** @type {any} */ row) => html`<tr key=${row.party.id || "all"}><th scope="row">${row.party.name}</th>
        ${row.cells.map(
          (/** @type {any} */ cell) =>
            html`<td key=${cell.key}><input class="num" inputmode="numeric" maxlength="5" aria-label=${`${row.party.name}${cell.option.text}人数`} value=${written.counts[cell.key] || ""} onInput=${(
              /** @type {any} */ event,
            ) => putFigure(panels, cell.key, event.target.value)} /></td>`,
        )}</tr>`,
    )}</tbody></table>`;
}

/** @param {{hall: Hall, panels: any}} props */
function CountForm({ hall, panels }) {
  const { poll } = panels;
  const written = ofPoll(draft.value, panels);
  const counts = countsOf(panels, written);
  const raised = (counts || []).reduce((sum, one) => sum + Number(one.count), 0);
  const isReady =
    counts !== null && written.counter !== "" && written.checker !== "" && raised <= poll.present;
  const isPending = isWaiting(hall.room, "hands.record", { poll: poll.id });
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!isReady || isPending) return;
    hall.room.send("hands.record", {
      poll: poll.id,
      counts,
      counter: written.counter,
      checker: written.checker,
    });
  }
  const missing =
    counts === null
      ? "每个空格都要填，没有人举手的填0。"
      : raised > poll.present
        ? `一共填了${raised}人，参加表决的只有${poll.present}人，请再数一遍。`
        : raised < poll.present
          ? `参加表决${poll.present}人，举手${raised}人，${poll.present - raised}人没有举手。`
          : `参加表决${poll.present}人，都举了手。`;
  return html`<form class="hands-form" onSubmit=${send}>
    <${Figures} panels=${panels} written=${written} />
    <p class=${raised > poll.present ? "quiet warning" : "quiet"}>${missing}</p>
    <label class="hands-parties"><input type="checkbox" checked=${written.isByParty} onChange=${(/** @type {any} */ event) => put(panels, { isByParty: event.target.checked })} /><span>各方分开数</span></label>
    <div class="pair"><${Person} panels=${panels} name="counter" label="计票人" written=${written} /><${Person} panels=${panels} name="checker" label="监票人" written=${written} /></div>
    <button class="button" type="submit" disabled=${!isReady}>${isPending ? "正在送出……" : "登记，请主持人确认"}</button>
  </form>`;
}

/** @param {any} poll @returns {string} 赞成9人、反对2人、弃权0人 */
function total(poll) {
  return poll.options
    .map((/** @type {any} */ option) => {
      const counted = poll.hands.counts.filter((/** @type {any} */ one) => one.option === option.id);
      return `${option.text}${counted.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.count, 0)}人`;
    })
    .join("、");
}

/** @param {{hall: Hall, panels: any}} props what stands in the block 表决 during a show of hands */
export function Hands({ hall, panels }) {
  const { poll } = panels;
  if (poll.hands)
    return html`<p class="turnout"><b>${total(poll)}</b></p>
      <p class="quiet">计票人${poll.hands.counter}，监票人${poll.hands.checker}。${poll.state === "open" ? "主持人确认以后，表决就截止。" : ""}</p>`;
  if (poll.state !== "open") return null;
  return hall.page.role === "secretary"
    ? html`<${CountForm} hall=${hall} panels=${panels} />`
    : html`<p class="quiet">参加表决${poll.present}人。两个人数完，由记录人在记录人的电脑上登记。</p>`;
}
