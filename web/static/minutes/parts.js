// The text of the minutes as its headings and what stands under each, and back again without loss.

const HEADING = /^(#{2,3}) (.+)$/;
/** What the draft leaves for people to fill in; the same words as in the draft. */
export const TO_FILL = "（请记录人补写";

/**
 * @typedef {object} Part
 * @property {number} level 2 or 3, 0 for the opening without a heading
 * @property {string} title
 * @property {string} body
 */

/**
 * @param {string} text
 * @returns {Part[]}
 */
export function split(text) {
  /** @type {{level: number, title: string, lines: string[]}[]} */
  const found = [{ level: 0, title: "", lines: [] }];
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const heading = HEADING.exec(line);
    if (heading) found.push({ level: heading[1].length, title: heading[2].trim(), lines: [] });
    else found[found.length - 1].lines.push(line);
  }
  return found.map(({ level, title, lines }) => ({ level, title, body: lines.join("\n").trim() }));
}

/**
 * @param {Part[]} parts
 * @returns {string}
 */
export function join(parts) {
  const pieces = [];
  for (const { level, title, body } of parts) {
    if (level) pieces.push(`${"#".repeat(level)} ${title}`);
    if (body.trim()) pieces.push(body.trim());
  }
  return pieces.join("\n\n");
}

/**
 * Whether the text comes back as it went: one with blocks of its own is better edited whole.
 * @param {string} text
 */
export function isPlain(text) {
  const plain = text.replace(/\r\n?/g, "\n").trim();
  return join(split(plain)) === plain;
}
