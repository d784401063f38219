// What an amendment does to a motion: what goes is struck out, what comes is underlined.
import { html } from "../../vendor/ui.js";

/** @param {{changes: {kind: string, text: string}[]}} props */
export function Changes({ changes }) {
  return changes.map((piece) =>
    piece.kind === "gone"
      ? html`<del>${piece.text}</del>`
      : piece.kind === "new"
        ? html`<ins>${piece.text}</ins>`
        : piece.text,
  );
}

/** @param {{text: string}[]} changes @returns {string} everything that is to be read, for its length */
export function readText(changes) {
  return changes.map((piece) => piece.text).join("");
}
