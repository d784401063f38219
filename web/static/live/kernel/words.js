// The table of words that Python and the browser share, as far as this page carries it.

/**
 * @typedef {{code: string, facts?: Record<string, unknown>, sentence?: string}} Refusal
 * @typedef {Record<string, any>} Words
 */

/**
 * Fills {placeholders}; one without a value vanishes.
 * @param {string} sentence
 * @param {Record<string, unknown>} facts
 * @returns {string}
 */
export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = facts[name];
    return value === undefined || value === null ? "" : String(value);
  });
}

/**
 * Says what is the case and what to do, for a refused command.
 * @param {Words} words
 * @param {Refusal} refusal
 * @param {string} [command] name of the refused command
 * @returns {{sentence: string, advice: string, code: string}}
 */
export function explain(words, refusal, command) {
  const entry = words.refusals[refusal.code];
  if (!entry) return { sentence: refusal.sentence || refusal.code, advice: "", code: refusal.code };
  const act = command && words.commands[command];
  const facts = Object.assign({ act }, refusal.facts);
  const sentence = act ? entry.sentence : entry.sentence.replace(/^[^：]*\{act\}：?/, "");
  return { sentence: fill(sentence, facts), advice: fill(entry.advice, facts), code: refusal.code };
}

/**
 * Numbers of agenda items: 一, 二 … 二十.
 * @param {number} number
 * @returns {string}
 */
export function numeral(number) {
  const digits = "零一二三四五六七八九";
  if (number < 1 || number > 99) return String(number);
  if (number < 10) return digits[number];
  const tens = Math.floor(number / 10);
  return (tens > 1 ? digits[tens] : "") + "十" + (number % 10 ? digits[number % 10] : "");
}
