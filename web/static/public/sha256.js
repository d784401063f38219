// SHA-256 of ASCII text (FIPS 180-4). Browsers' own exists in secure contexts only, and a hall's laptop has no HTTPS.

/** The first thirty-two bits of the fractional parts of the roots of the first primes: what the standard starts from.
 * @param {number} count
 * @param {number} power
 */
function fractions(count, power) {
  const words = [];
  for (let candidate = 2; words.length < count; candidate += 1) {
    let isPrime = true;
    for (let by = 2; by * by <= candidate; by += 1) if (candidate % by === 0) isPrime = false;
    if (isPrime) words.push(((candidate ** power % 1) * 0x100000000) | 0);
  }
  return words;
}

const START = fractions(8, 1 / 2);
const ROUNDS = Int32Array.from(fractions(64, 1 / 3));
const schedule = new Int32Array(64);

/** @param {number} word @param {number} by */
const turned = (word, by) => (word >>> by) | (word << (32 - by));

/** The digest as eight words of 32 bits.
 * @param {string} text ASCII only
 * @returns {Int32Array}
 */
export function sha256(text) {
  const state = Int32Array.from(START);
  const blocks = ((text.length + 8) >> 6) + 1;
  for (let block = 0; block < blocks; block += 1) {
    for (let place = 0; place < 16; place += 1) {
      let word = 0;
      for (let byte = 0; byte < 4; byte += 1) {
        const at = block * 64 + place * 4 + byte;
        const code = at < text.length ? text.charCodeAt(at) : at === text.length ? 0x80 : 0;
        word = (word << 8) | code;
      }
      schedule[place] = word;
    }
    if (block === blocks - 1) schedule[15] = text.length * 8;
    compress(state);
  }
  return state;
}

/** @param {Int32Array} state */
function compress(state) {
  for (let place = 16; place < 64; place += 1) {
    const early = schedule[place - 15];
    const late = schedule[place - 2];
    const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    schedule[place] = (schedule[place - 16] + first + schedule[place - 7] + second) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let place = 0; place < 64; place += 1) {
    const high = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + high + ((e & f) ^ (~e & g)) + ROUNDS[place] + schedule[place]) | 0;
    const low = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [place, word] of [a, b, c, d, e, f, g, h].entries()) state[place] += word;
}
