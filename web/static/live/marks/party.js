// A side of the council: shape, character and colour, always with the name beside it.
import { html } from "../../vendor/ui.js";

/**
 * @typedef {{id?: string, name: string, mark: string, order: number}} PartySign
 */

/**
 * The short name, for narrow walls and tables only.
 * @param {string} name
 * @returns {string}
 */
export function briefName(name) {
  const brief = name.replace(/^小区/, "").replace(/(居委会|居民委员会|公司)$/, "");
  return brief || name;
}

/** @param {{mark: string, order: number}} props */
export function Mark({ mark, order }) {
  return html`<i class=${`mark party-${order}`} aria-hidden="true"><span>${mark}</span></i>`;
}

/**
 * @param {{party: PartySign, wide?: boolean}} props wide: the wall chooses between full and short name by its proportions
 */
export function Party({ party, wide }) {
  const words = wide
    ? html`<span class="full">${party.name}</span><span class="brief">${briefName(party.name)}</span>`
    : party.name;
  return html`<span class="party"><${Mark} mark=${party.mark} order=${party.order} />${words}</span>`;
}

/**
 * Finds a party of the presence panel by its id or its name.
 * @param {Record<string, any> | null} panels
 * @param {string} key
 * @returns {any}
 */
export function findParty(panels, key) {
  const parties = panels && panels.presence ? panels.presence.parties : [];
  const found = parties.find((/** @type {any} */ party) => party.id === key || party.name === key);
  return found || { id: key, name: key, mark: key.slice(0, 1), order: 6 };
}

/**
 * The sign of a person in a queue or on the floor, whose party travels with them.
 * @param {any} person
 * @returns {PartySign}
 */
export function partyOf(person) {
  return { name: person.party, mark: person.mark, order: person.order };
}
