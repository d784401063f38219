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
 *
 * @typedef {Object} Round  what the functions below share
 * @property {CourierOptions} options
 * @property {(work: () => void, delay: number) => unknown} later
 * @property {Map<string, (answer: any) => void>} listeners
 * @property {{wish: Wish, version: number}[]} settling  answered, not yet seen on the screen
 * @property {boolean} isBusy
 * @property {number} version
 */

// An answer may overtake the change it caused; the button stays "sending" until the screen shows it, at most this long.
const SETTLING = 1500;
const AGAIN = 2500;
const TOO_OFTEN_WAIT = 1500;
// Answers that decide nothing: the server took nothing in, and the wish is sent again under its id.
const UNDECIDED = ["TOO_OFTEN", "UNAVAILABLE", "DISK_FULL"];

/** @param {Round} round */
function tell(round) {
  round.options.changed(round.options.outbox.waiting().concat(round.settling.map((entry) => entry.wish)));
}

/** @param {Round} round @param {Wish} wish @param {number} version */
function keepUntilSeen(round, wish, version) {
  const entry = { wish, version };
  round.settling.push(entry);
  round.later(() => {
    round.settling = round.settling.filter((other) => other !== entry);
    tell(round);
  }, SETTLING);
}

/** @param {Round} round @param {Wish} wish @param {any} answer */
function settle(round, wish, answer) {
  const { options, listeners } = round;
  options.outbox.settle(wish.id);
  const listener = listeners.get(wish.id);
  listeners.delete(wish.id);
  if (answer.ok && answer.version > round.version) keepUntilSeen(round, wish, answer.version);
  if (!answer.ok) options.refused(wish, answer.refusal || { code: "BAD_DATA", facts: {} });
  if (listener) listener(answer);
  options.poll();
  tell(round);
}

/** @param {Round} round */
function carry(round) {
  const { options } = round;
  const next = options.outbox.waiting()[0];
  if (round.isBusy || next === undefined || !options.isReady()) return;
  round.isBusy = true;
  options.transmit(next, (failed, answer) => {
    round.isBusy = false;
    const code = !failed && !answer.ok && answer.refusal ? answer.refusal.code : "";
    if (failed || UNDECIDED.includes(code)) {
      // A full disk does not empty itself: somebody has to hear of it.
      if (code === "DISK_FULL") options.refused(next, answer.refusal);
      round.later(() => carry(round), code === "TOO_OFTEN" ? TOO_OFTEN_WAIT : AGAIN);
      return;
    }
    settle(round, next, answer);
    carry(round);
  });
}

/**
 * @param {CourierOptions} options
 * @returns {Courier}
 */
export function openCourier(options) {
  /** @type {Round} */
  const round = {
    options,
    // wrapped: a browser's setTimeout refuses to be called as somebody's method
    later: options.later || ((work, delay) => setTimeout(work, delay)),
    listeners: new Map(),
    settling: [],
    isBusy: false,
    version: options.version,
  };
  tell(round);
  return {
    accept(wish, done) {
      if (done) round.listeners.set(wish.id, done);
      options.outbox.add(wish);
      tell(round);
      carry(round);
    },
    carry: () => carry(round),
    seen(reached) {
      round.version = reached;
      const before = round.settling.length;
      round.settling = round.settling.filter((entry) => entry.version > reached);
      if (round.settling.length !== before) tell(round);
    },
  };
}
