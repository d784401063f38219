// Carries wishes from the outbox to the server, one after the other, until each is answered.

/**
 * @typedef {import("./outbox.js").Wish} Wish
 * @typedef {Object} CourierOptions
 * @property {import("./outbox.js").Outbox} outbox
 * @property {(wish: Wish, done: (failed: boolean, answer: any) => void) => void} transmit
 * @property {() => boolean} isReady
 * @property {(wishes: Wish[]) => void} changed
 * @property {(wish: Wish, refusal: import("./words.js").Refusal) => void} refused
 * @property {number} version  of the screen as it stands
 * @property {() => void} poll  fetches the screen after an answer over HTTP
 * @property {(work: () => void, delay: number) => unknown} [later]
 *
 * @typedef {Object} Courier
 * @property {(wish: Wish, done?: (answer: any) => void) => void} accept
 * @property {() => void} carry  sends what waits
 * @property {(version: number) => void} seen  the screen has reached this version
 */

// An answer may overtake the change it caused; the button stays "sending" until the screen shows it, at most this long.
const SETTLING = 1500;
const AGAIN = 2500;

/**
 * @param {CourierOptions} options
 * @returns {Courier}
 */
export function openCourier(options) {
  const { outbox, later = setTimeout } = options;
  /** @type {Map<string, (answer: any) => void>} */
  const listeners = new Map();
  /** @type {{wish: Wish, version: number}[]} */
  let settling = [];
  let isBusy = false;
  let version = options.version;

  function tell() {
    options.changed(outbox.waiting().concat(settling.map((entry) => entry.wish)));
  }

  /** @param {Wish} wish @param {any} answer */
  function settle(wish, answer) {
    outbox.settle(wish.id);
    const listener = listeners.get(wish.id);
    listeners.delete(wish.id);
    if (answer.ok && answer.version > version) {
      const entry = { wish, version: answer.version };
      settling.push(entry);
      later(() => {
        settling = settling.filter((other) => other !== entry);
        tell();
      }, SETTLING);
    }
    if (!answer.ok) options.refused(wish, answer.refusal || { code: "BAD_DATA", facts: {} });
    if (listener) listener(answer);
    options.poll();
    tell();
  }

  function carry() {
    const next = outbox.waiting()[0];
    if (isBusy || next === undefined || !options.isReady()) return;
    isBusy = true;
    options.transmit(next, (failed, answer) => {
      isBusy = false;
      const isTooFast = !failed && !answer.ok && answer.refusal && answer.refusal.code === "TOO_OFTEN";
      if (failed || isTooFast) {
        later(carry, isTooFast ? 1500 : AGAIN);
        return;
      }
      settle(next, answer);
      carry();
    });
  }

  tell();
  return {
    accept(wish, done) {
      if (done) listeners.set(wish.id, done);
      outbox.add(wish);
      tell();
      carry();
    },
    carry,
    seen(reached) {
      version = reached;
      const before = settling.length;
      settling = settling.filter((entry) => entry.version > reached);
      if (settling.length !== before) tell();
    },
  };
}
