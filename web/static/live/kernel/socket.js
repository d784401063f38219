// One WebSocket to the hall, namespace /live. It knows nothing of panels: it says when it is up and carries words.

/**
 * @typedef {Object} Line
 * @property {() => boolean} isUp
 * @property {(name: string, body: unknown, seconds: number, done: (failed: boolean, answer: any) => void) => void} ask
 * @property {() => void} wake  connects at once instead of waiting for the next try
 * @property {() => void} renew  drops a connection that no longer answers and opens a new one
 * @property {() => void} hangUp
 *
 * @typedef {Object} LineEvents
 * @property {() => void} up
 * @property {() => void} down
 * @property {(code: string) => void} barred  the server refused the connection with a code
 * @property {(name: string, message: any) => void} message
 */

const PUSHED = ["changes", "mine", "snapshot", "retired"];

/**
 * Opens the line and keeps trying for ever, with a random part so that a whole hall does not return in one instant.
 * @param {typeof import("../../vendor/ui.js").io} io
 * @param {LineEvents} events
 * @returns {Line}
 */
export function openLine(io, events) {
  const socket = io("/live", {
    transports: ["websocket"],
    reconnectionDelay: 400,
    reconnectionDelayMax: 4000,
    randomizationFactor: 0.5,
    timeout: 8000,
  });
  socket.on("connect", events.up);
  socket.on("disconnect", (reason) => {
    events.down();
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000 + Math.random() * 2000);
  });
  socket.on("connect_error", (error) => {
    events.down();
    // an inactive socket was refused by the server itself and does not try again on its own
    if (!socket.active) events.barred(error.message);
  });
  for (const name of PUSHED) socket.on(name, (message) => events.message(name, message));
  return {
    isUp: () => socket.connected,
    ask(name, body, seconds, done) {
      socket
        .timeout(seconds * 1000)
        .emit(name, body, (/** @type {Error | null} */ failed, /** @type {any} */ answer) => {
          done(Boolean(failed), answer);
        });
    },
    wake() {
      if (!socket.connected) socket.disconnect().connect();
    },
    renew() {
      socket.disconnect().connect();
    },
    hangUp() {
      socket.disconnect();
    },
  };
}
