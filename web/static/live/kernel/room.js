// A live screen's whole tie to its meeting: panels, link, clock and wishes. It knows no screen and draws nothing.
import { signal } from "../../vendor/ui.js";
import { applyChanges, applyMine, applySnapshot } from "./apply.js";
import { createClock } from "./clock.js";
import { openCourier } from "./courier.js";
import { openOutbox } from "./outbox.js";
import { openPostbox } from "./polling.js";
import { openLine } from "./socket.js";
import { newId } from "./wishes.js";

/**
 * @typedef {"online" | "polling" | "retrying" | "offline"} LinkState
 * @typedef {import("./apply.js").ScreenState} ScreenState
 * @typedef {import("./apply.js").Panels} Panels
 * @typedef {import("./outbox.js").Wish} Wish
 * @typedef {{wish: Wish, refusal: import("./words.js").Refusal}} Refused
 *
 * @typedef {Object} Room
 * @property {import("@preact/signals").Signal<Panels | null>} panels
 * @property {import("@preact/signals").Signal<LinkState>} link
 * @property {import("@preact/signals").Signal<Wish[]>} waiting  still to be sent, or without an effect on the screen yet
 * @property {import("@preact/signals").Signal<Refused | null>} refused  the last refusal, until dismissed
 * @property {import("@preact/signals").Signal<string | null>} retired  why this page must not go on
 * @property {import("@preact/signals").Signal<number>} heardAt  server time of the newest content
 * @property {import("./clock.js").Clock} clock
 * @property {(name: string, data: Record<string, unknown>, done?: (answer: any) => void) => void} send
 *
 * @typedef {Object} RoomOptions
 * @property {string} meeting
 * @property {string} screen
 * @property {string} person  whose wishes wait in the outbox
 * @property {string} csrf
 * @property {{version: number, now: number, panels: Panels} | null} firstView
 * @property {() => WebSocket} [open]  another way to dial, for tests
 * @property {Storage | null} shelf
 *
 * @typedef {Object} Tie  what the functions below share
 * @property {RoomOptions} options
 * @property {Omit<Room, "send">} room
 * @property {ScreenState | null} state
 * @property {boolean} isGreeted  hello was answered on the connection that stands
 * @property {number} downSince
 * @property {import("./socket.js").Line} line
 * @property {import("./courier.js").Courier} courier
 * @property {import("./polling.js").Postbox} postbox
 */

const PROTOCOL = 1;
// after this long without a WebSocket the room goes on over HTTP
const PATIENCE = 4000;
const POLL_EVERY = 3000;
/** @type {Record<string, string>} */
const RETIRING = {
  NOT_SIGNED_IN: "signed_out",
  NOT_ALLOWED: "not_allowed",
  NOT_FOUND: "not_found",
  STALE_PROTOCOL: "protocol",
};

/** @param {Tie} tie @param {string} reason */
function retire(tie, reason) {
  tie.room.retired.value = reason;
  tie.line.hangUp();
}

/** @param {Tie} tie @param {{state: ScreenState | null, outcome: string}} step @param {number} [now] */
function take(tie, step, now) {
  if (step.outcome === "gap") hello(tie);
  if (step.outcome !== "applied" || step.state === null) return;
  tie.state = step.state;
  tie.room.panels.value = step.state.panels;
  if (now !== undefined) tie.room.heardAt.value = now;
  tie.courier.seen(step.state.version);
}

/**
 * Takes the answer of hello.
 * @param {Tie} tie
 * @param {any} answer
 * @param {number} sentAt
 * @param {boolean} isFirst the first answer after a break is the truth, whatever the page had
 * @returns {boolean}
 */
function welcome(tie, answer, sentAt, isFirst) {
  if (!answer || !answer.ok) {
    const code = answer && answer.refusal ? answer.refusal.code : "";
    if (RETIRING[code]) retire(tie, RETIRING[code]);
    return false;
  }
  tie.room.clock.learn(answer.now, sentAt);
  take(tie, applySnapshot(isFirst ? null : tie.state, answer), answer.now);
  return true;
}

/** @param {Tie} tie */
function hello(tie) {
  const { line, options, state } = tie;
  if (!line.isUp()) return;
  const isFirst = !tie.isGreeted;
  const sentAt = Date.now();
  const greeting = { protocol: PROTOCOL, meeting: options.meeting, screen: options.screen };
  const body = state ? Object.assign(greeting, { version: state.version }) : greeting;
  line.ask("hello", body, 5, (failed, answer) => {
    if (failed) {
      if (line.isUp()) line.renew();
      return;
    }
    if (!welcome(tie, answer, sentAt, isFirst)) {
      if (tie.room.retired.value === null) setTimeout(() => hello(tie), 2000 + Math.random() * 2000);
      return;
    }
    tie.isGreeted = true;
    tie.room.link.value = "online";
    tie.courier.carry();
  });
}

/** @param {Tie} tie */
async function poll(tie) {
  const { room } = tie;
  if (tie.isGreeted || room.retired.value !== null || Date.now() - tie.downSince < PATIENCE) return;
  const sentAt = Date.now();
  try {
    const answer = await tie.postbox.fetchState();
    if (tie.isGreeted || !welcome(tie, answer, sentAt, room.link.value !== "polling")) return;
    room.link.value = "polling";
    tie.courier.carry();
  } catch {
    if (!tie.isGreeted) room.link.value = "offline";
  }
}

/**
 * A line may be dead without a word, out of reach of the hall's radio for example; the server's pings would tell only
 * after 45 seconds. Hello without an answer dials anew.
 * @param {Tie} tie
 */
function doubt(tie) {
  if (!tie.isGreeted || !tie.line.isUp()) return;
  tie.room.link.value = "retrying";
  hello(tie);
}

/** @param {Tie} tie @param {Wish} wish @param {(failed: boolean, answer: any) => void} done */
function transmit(tie, wish, done) {
  const body = { id: wish.id, name: wish.name, data: wish.data };
  if (tie.isGreeted)
    tie.line.ask("command", body, 4, (failed, answer) => {
      if (failed) doubt(tie);
      done(failed, answer);
    });
  else
    tie.postbox.post(body).then(
      (answer) => done(false, answer),
      () => done(true, null),
    );
}

/** @param {Tie} tie @param {string} name @param {any} message */
function hear(tie, name, message) {
  if (name === "retired") retire(tie, message && message.reason ? message.reason : "unknown");
  if (!tie.isGreeted || name === "retired") return;
  tie.room.link.value = "online";
  if (name === "mine") {
    take(tie, applyMine(tie.state, message));
    return;
  }
  tie.room.clock.learn(message.now);
  take(
    tie,
    name === "changes" ? applyChanges(tie.state, message) : applySnapshot(null, message),
    message.now,
  );
}

/** @param {Tie} tie */
function waitForLine(tie) {
  tie.downSince = Date.now();
  setTimeout(() => poll(tie), PATIENCE);
}

/** @param {Tie} tie */
function lose(tie) {
  if (tie.isGreeted) waitForLine(tie);
  tie.isGreeted = false;
  if (tie.room.link.value === "online") tie.room.link.value = "retrying";
  if (navigator.onLine === false) tie.room.link.value = "offline";
}

/** @param {Tie} tie */
function watchTheDevice(tie) {
  function awake() {
    if (tie.room.retired.value !== null || document.visibilityState === "hidden") return;
    if (tie.line.isUp()) hello(tie);
    else tie.line.wake();
    poll(tie);
  }
  document.addEventListener("visibilitychange", awake);
  window.addEventListener("online", awake);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) awake();
  });
  window.addEventListener("offline", () => {
    tie.room.link.value = "offline";
  });
  setInterval(() => poll(tie), POLL_EVERY + Math.random() * 500);
}

/** @param {RoomOptions["firstView"]} first */
function makeSignals(first) {
  const clock = createClock();
  if (first) clock.learn(first.now);
  return {
    panels: signal(first ? first.panels : null),
    link: signal(/** @type {LinkState} */ ("retrying")),
    waiting: signal(/** @type {Wish[]} */ ([])),
    refused: signal(/** @type {Refused | null} */ (null)),
    retired: signal(/** @type {string | null} */ (null)),
    heardAt: signal(clock.now()),
    clock,
  };
}

/** @param {Tie} tie */
function employCourier(tie) {
  const { options, room } = tie;
  return openCourier({
    outbox: openOutbox(options.shelf, `outbox:${options.meeting}:${options.person}`),
    version: tie.state ? tie.state.version : -1,
    transmit: (wish, done) => transmit(tie, wish, done),
    isReady: () => tie.isGreeted || room.link.value === "polling",
    changed(wishes) {
      room.waiting.value = wishes;
      const told = room.refused.value;
      const isTaken = told !== null && !wishes.some((wish) => wish.id === told.wish.id);
      // What could not be kept at first is kept by now.
      if (isTaken && told.refusal.code === "DISK_FULL") room.refused.value = null;
    },
    refused(wish, refusal) {
      if (refusal.code === "NOT_SIGNED_IN") retire(tie, "signed_out");
      else room.refused.value = { wish, refusal };
    },
    poll: () => poll(tie),
  });
}

/**
 * Enters the room and stays in it through reloads, sleep and lost networks.
 * @param {RoomOptions} options
 * @returns {Room}
 */
export function enterRoom(options) {
  const room = makeSignals(options.firstView);
  const tie = /** @type {Tie} */ ({
    options,
    room,
    state: options.firstView,
    isGreeted: false,
    downSince: Date.now(),
  });
  tie.postbox = openPostbox(options.meeting, options.screen, options.csrf);
  tie.courier = employCourier(tie);
  tie.line = openLine(
    {
      up: () => hello(tie),
      down: () => lose(tie),
      barred(code) {
        if (RETIRING[code]) retire(tie, RETIRING[code]);
        else setTimeout(() => tie.line.wake(), 3000 + Math.random() * 3000);
      },
      message: (name, message) => hear(tie, name, message),
    },
    options.open,
  );
  waitForLine(tie);
  watchTheDevice(tie);
  return Object.assign(room, {
    /** @param {string} name @param {Record<string, unknown>} data @param {(answer: any) => void} [done] */
    send(name, data, done) {
      room.refused.value = null;
      tie.courier.accept({ id: newId(), name, data, at: Date.now() }, done);
    },
  });
}
