// Matters that belong to the owners' own decision: a calm word while a motion is written. It blocks nothing.

/**
 * @param {any} words
 * @param {string} text a title, a motion
 * @returns {string | null}
 */
export function ownersHint(words, text) {
  const { hint, matters } = words.owners_decide;
  const found = Object.keys(matters).find((code) => text.includes(matters[code]));
  return found === undefined ? null : hint.replace("{matter}", matters[found]);
}
