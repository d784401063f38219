// After some forms from one network a browser does a little arithmetic for the next one, so that sending thousands
// costs something. Who has no script waits a minute instead; the server says so.
import { sha256 } from "./sha256.js";

const AT_A_TIME = 500;

/** A number whose digest together with the stamp begins with so many zero bits, or null when none is in reach.
 * @param {string} stamp
 * @param {number} bits at most 31
 * @param {number} from
 * @param {number} many
 */
export function seek(stamp, bits, from, many) {
  for (let number = from; number < from + many; number += 1) {
    if (sha256(`${stamp}:${number}`)[0] >>> (32 - bits) === 0) return number;
  }
  return null;
}

/** @param {HTMLInputElement} answer @param {string} stamp @param {number} bits @param {number} from */
function goOn(answer, stamp, bits, from) {
  const found = seek(stamp, bits, from, AT_A_TIME);
  if (found === null) setTimeout(goOn, 0, answer, stamp, bits, from + AT_A_TIME);
  else answer.value = String(found);
}

if (typeof document !== "undefined") {
  const answer = document.getElementById("work");
  const stamp = document.getElementById("stamp");
  if (answer instanceof HTMLInputElement && stamp instanceof HTMLInputElement) {
    goOn(answer, stamp.value, Number(answer.dataset.bits), 0);
  }
}
