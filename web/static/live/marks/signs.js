// Small drawn signs: seal of a verdict, cell of a choice, stance, state of the link, bar.
import { html } from "../../vendor/ui.js";

/** @param {{outcome: string, words: import("../kernel/words.js").Words}} props */
export function Seal({ outcome, words }) {
  return html`<span class="seal" data-outcome=${outcome}>${words.outcomes[outcome]}</span>`;
}

/** @param {{stance: string, words: import("../kernel/words.js").Words}} props */
export function Stance({ stance, words }) {
  // who speaks before a text stands has no stance to show
  if (stance === "talk") return null;
  return html`<span class="stance" data-stance=${stance}>${words.stances[stance]}</span>`;
}

/** @param {{link: string, words: import("../kernel/words.js").Words}} props */
export function LinkState({ link, words }) {
  return html`<span class="link-state" data-link=${link} role="status">${words.links[link]}</span>`;
}

/** @param {{share: number, over?: boolean}} props share: 0 to 1 of the width */
export function Bar({ share, over }) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return html`<svg class="bar" data-over=${over ? "yes" : undefined} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    <rect width=${width} height="1" />
  </svg>`;
}

/** @param {{choice: string}} props a single cell that stands before the word of a choice */
export function ChoiceCell({ choice }) {
  const cell = ["for", "against", "abstain", "empty"].includes(choice) ? choice : "none";
  return html`<span class="seats plain" aria-hidden="true"><i data-cell=${cell}></i></span>`;
}
