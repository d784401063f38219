// Panel `roster` at the desk: everybody, by party, large enough to find a face by its name.
import { html, signal } from "../../vendor/ui.js";
import { isWaiting } from "../kernel/wishes.js";
import { findParty, Party } from "../marks/party.js";

/** The representative whose sheet lies open. */
export const chosen = signal("");
export const sought = signal("");

/** @param {any} person @param {string} text a piece of the name, or the seat number */
function matches(person, text) {
  return text === "" || person.name.includes(text) || String(person.seat) === text;
}

/** @param {any[]} roster @returns {any[]} */
export function found(roster) {
  const text = sought.value.trim();
  return roster.filter((person) => matches(person, text));
}

/** @param {{roster: any[]}} props */
export function Search({ roster }) {
  /** @param {Event} event */
  function choose(event) {
    event.preventDefault();
    const first = found(roster)[0];
    if (first) chosen.value = first.representative;
  }
  return html`<form class="search" role="search" onSubmit=${choose}>
    <label for="sought">找人：姓名，或席位号</label>
    <input id="sought" type="search" autocomplete="off" value=${sought.value} onInput=${(
      /** @type {any} */ event,
    ) => {
      sought.value = event.target.value;
    }} />
  </form>`;
}

/** @param {any} entries @param {any} person @returns {boolean} */
export function isAmong(entries, person) {
  return entries.some((/** @type {any} */ entry) => entry.representative === person.representative);
}

/**
 * Those who are here and have not voted, the ones the desk checked in first: they most likely have no phone.
 * @param {any} panels
 * @returns {any[]}
 */
export function stillSilent(panels) {
  const { poll, roster } = panels;
  if (!poll || poll.state !== "open" || poll.secrecy === "secret") return [];
  const here = roster.filter((/** @type {any} */ person) => person.presence === "present");
  const silent = poll.silent.filter((/** @type {any} */ person) => isAmong(here, person));
  return silent
    .filter((/** @type {any} */ person) => person.at_desk)
    .concat(silent.filter((/** @type {any} */ person) => !person.at_desk));
}

/** @param {any} poll @param {any} person what the desk needs to know of somebody who is here */
function ballotWords(poll, person) {
  if (!poll || poll.state !== "open" || poll.secrecy === "secret") return "已到";
  if (isAmong(poll.unconfirmed, person)) return "已登记，待确认";
  return isAmong(poll.silent, person) ? html`<b>未投</b>` : "已投";
}

/** @param {{hall: import("../kernel/page.js").Hall, person: any, poll: any, isOver: boolean}} props */
function Row({ hall, person, poll, isOver }) {
  const { room, words } = hall;
  const data = { representative: person.representative };
  const isHere = person.presence === "present";
  const isPending = isWaiting(room, "presence.check_in", data);
  return html`<li data-state=${person.presence} aria-current=${chosen.value === person.representative ? "true" : undefined}>
    <button class="who" type="button" onClick=${() => {
      chosen.value = person.representative;
    }}><span class="seat">${person.seat}号</span><b>${person.name}</b></button>
    ${
      isHere || isOver
        ? html`<span class="standing">${isHere ? ballotWords(poll, person) : words.presence[person.presence]}</span>`
        : html`<span class="arrive">${person.presence === "absent" ? null : html`<span class="standing">${words.presence[person.presence]}</span>`}<button class=${`button second${isPending ? " pending" : ""}`} type="button" onClick=${() => {
            if (!isPending) room.send("presence.check_in", data);
          }}>${isPending ? "正在送出……" : "签到"}</button></span>`
    }
  </li>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Roster({ hall, panels }) {
  const roster = found(panels.roster);
  const parties = panels.presence.parties.filter((/** @type {any} */ party) =>
    roster.some((person) => person.party_id === party.id),
  );
  if (!roster.length)
    return html`<p class="empty">名册上没有“${sought.value}”。看看是不是同音的字，或者按席位号找。</p>`;
  return parties.map(
    (/** @type {any} */ party) => html`<section class="party-list" key=${party.id}>
      <h2><${Party} party=${findParty(panels, party.id)} /><span class="count">${party.present} / ${party.entitled}${party.reached ? "" : html`，<b class="now">还差${party.needed - party.present}人</b>`}</span></h2>
      <ol>${roster.filter((person) => person.party_id === party.id).map((person) => html`<${Row} key=${person.representative} hall=${hall} person=${person} poll=${panels.poll} isOver=${panels.meeting.state === "closed"} />`)}</ol>
    </section>`,
  );
}
