// One seat, one cell (一席一格). The pattern carries the meaning, colour only repeats the party.
import { html } from "../../vendor/ui.js";

/** @typedef {"for" | "against" | "abstain" | "here" | "none" | "empty"} Cell */

// a party with more seats than this is drawn as a bar of the same patterns, with its numbers
const COUNTABLE = 40;
const EVERY = /** @type {Cell[]} */ (["for", "here", "against", "abstain", "none", "empty"]);

/**
 * Repeats cells by count, in the order given.
 * @param {[Cell, number][]} counts
 * @returns {Cell[]}
 */
export function cellsOf(counts) {
  /** @type {Cell[]} */
  const cells = [];
  for (const [cell, count] of counts) for (let i = 0; i < count; i += 1) cells.push(cell);
  return cells;
}

/**
 * @param {{cells: Cell[], order?: number, label: string, need?: number}} props order: the party's, none draws in ink;
 *   need: a stroke stands after this seat
 */
export function Seats({ cells, order, label, need }) {
  const party = order ? `party-${order}` : "plain";
  if (cells.length > COUNTABLE) {
    const parts = EVERY.map((kind) => [kind, cells.filter((cell) => cell === kind).length]);
    let from = 0;
    return html`<svg class=${`seat-bar ${party}`} viewBox=${`0 0 ${cells.length} 1`} preserveAspectRatio="none" role="img" aria-label=${label}>
      ${parts.map(([kind, count]) => {
        const part = html`<rect data-cell=${kind} x=${from} width=${count} height="1" />`;
        from += Number(count);
        return count ? part : null;
      })}
    </svg>`;
  }
  const drawn = cells.map(
    (cell, i) => html`<i data-cell=${cell} class=${i + 1 === need ? "need" : undefined}></i>`,
  );
  return html`<span class=${`seats ${party}`} role="img" aria-label=${label}>${drawn}</span>`;
}
