// One WebSocket to the hall, speaking as much of Socket.IO (Engine.IO 4, text packets) as protocol 1 uses.
// The stock client carries long polling, binary packets and upgrades as well: ten of the sixty kilobytes a phone may load.

/**
 * @typedef {Object} Line
 * @property {() => boolean} isUp
 * @property {(name: string, body: unknown, seconds: number, done: (failed: boolean, answer: any) => void) => void} ask
 * @property {() => void} wake  dials at once instead of waiting for the next try
 * @property {() => void} renew  drops a connection that no longer answers and dials again
 * @property {() => void} hangUp  for good
 *
 * @typedef {Object} LineEvents
 * @property {() => void} up
 * @property {() => void} down
 * @property {(code: string) => void} barred  the server refused the connection with a code
 * @property {(name: string, message: any) => void} message
 *
 * @typedef {Object} Call  one attempt and what became of it
 * @property {WebSocket} socket
 * @property {boolean} isUp
 * @property {ReturnType<typeof setTimeout>} watch  ends a call that stays silent
 * @property {number} patience  milliseconds of silence that end it
 *
 * @typedef {Object} Exchange  the state behind a line
 * @property {LineEvents} events
 * @property {() => WebSocket} open
 * @property {Call | null} call
 * @property {number} tries
 * @property {ReturnType<typeof setTimeout> | undefined} redial
 * @property {boolean} isOver
 * @property {number} asked
 * @property {Map<number, {done: (failed: boolean, answer: any) => void, timer: ReturnType<typeof setTimeout>}>} pending
 */

const NAMESPACE = "/live,";
const DIALLING = 8000;
const FIRST_WAIT = 400;
const LONGEST_WAIT = 4000;

/** @param {Exchange} exchange */
function failPending(exchange) {
  const pending = Array.from(exchange.pending.values());
  exchange.pending.clear();
  for (const { done, timer } of pending) {
    clearTimeout(timer);
    done(true, null);
  }
}

/** @param {Exchange} exchange lets go of the present call, whatever its state */
function drop(exchange) {
  const { call } = exchange;
  clearTimeout(exchange.redial);
  if (call === null) return;
  exchange.call = null;
  clearTimeout(call.watch);
  call.socket.onmessage = null;
  call.socket.onclose = null;
  call.socket.onerror = null;
  call.socket.close();
  failPending(exchange);
  if (call.isUp) exchange.events.down();
}

/** @param {Exchange} exchange a random part keeps a whole hall from returning in one instant */
function dialLater(exchange) {
  if (exchange.isOver) return;
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** exchange.tries) * (0.5 + Math.random());
  exchange.tries += 1;
  exchange.redial = setTimeout(() => dial(exchange), wait);
}

/** @param {Exchange} exchange */
function lose(exchange) {
  drop(exchange);
  exchange.events.down();
  dialLater(exchange);
}

/** @param {Exchange} exchange @param {Call} call every packet is a sign of life; the server pings in its own rhythm */
function watch(exchange, call) {
  clearTimeout(call.watch);
  call.watch = setTimeout(() => lose(exchange), call.patience);
}

/** @param {Exchange} exchange */
function dial(exchange) {
  drop(exchange);
  if (exchange.isOver) return;
  /** @type {WebSocket} */
  let socket;
  try {
    socket = exchange.open();
  } catch {
    dialLater(exchange);
    return;
  }
  const call = { socket, isUp: false, patience: DIALLING, watch: setTimeout(() => lose(exchange), DIALLING) };
  exchange.call = call;
  socket.onmessage = ({ data }) => {
    watch(exchange, call);
    if (typeof data === "string") hear(exchange, call, data);
  };
  socket.onclose = () => lose(exchange);
}

/** @param {Exchange} exchange @param {Call} call @param {string} packet */
function hear(exchange, call, packet) {
  if (packet === "2") call.socket.send("3");
  else if (packet[0] === "0") {
    const { pingInterval, pingTimeout } = JSON.parse(packet.slice(1));
    call.patience = pingInterval + pingTimeout;
    watch(exchange, call);
    call.socket.send(`40${NAMESPACE}`);
  } else if (packet[0] === "4" && packet.startsWith(NAMESPACE, 2)) {
    hearLive(exchange, call, packet[1], packet.slice(2 + NAMESPACE.length));
  } else if (packet[0] === "1") lose(exchange);
}

/** @param {Exchange} exchange @param {Call} call @param {string} kind @param {string} rest */
function hearLive(exchange, call, kind, rest) {
  const start = rest.search(/[[{]/);
  const body = start < 0 ? null : JSON.parse(rest.slice(start));
  if (kind === "0") {
    call.isUp = true;
    exchange.tries = 0;
    exchange.events.up();
  } else if (kind === "2") exchange.events.message(body[0], body[1]);
  else if (kind === "3") answer(exchange, Number(rest.slice(0, start)), body[0]);
  else if (kind === "4") {
    drop(exchange);
    exchange.events.barred(body ? body.message : "");
  } else if (kind === "1") lose(exchange);
}

/** @param {Exchange} exchange @param {number} id @param {any} body */
function answer(exchange, id, body) {
  const waiting = exchange.pending.get(id);
  if (waiting === undefined) return;
  exchange.pending.delete(id);
  clearTimeout(waiting.timer);
  waiting.done(false, body);
}

/** @returns {WebSocket} */
function openToThisHost() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}/socket.io/?EIO=4&transport=websocket`);
}

/**
 * Opens the line and keeps dialling until it is hung up.
 * @param {LineEvents} events
 * @param {() => WebSocket} [open]
 * @returns {Line}
 */
export function openLine(events, open = openToThisHost) {
  const exchange = /** @type {Exchange} */ ({
    events,
    open,
    call: null,
    tries: 0,
    isOver: false,
    asked: 0,
    pending: new Map(),
  });
  dial(exchange);
  return {
    isUp: () => exchange.call !== null && exchange.call.isUp,
    ask(name, body, seconds, done) {
      const { call } = exchange;
      if (call === null || !call.isUp) {
        done(true, null);
        return;
      }
      exchange.asked += 1;
      const id = exchange.asked;
      const timer = setTimeout(() => {
        if (exchange.pending.delete(id)) done(true, null);
      }, seconds * 1000);
      exchange.pending.set(id, { done, timer });
      call.socket.send(`42${NAMESPACE}${id}${JSON.stringify([name, body])}`);
    },
    wake: () => dial(exchange),
    renew: () => dial(exchange),
    hangUp() {
      exchange.isOver = true;
      drop(exchange);
    },
  };
}
