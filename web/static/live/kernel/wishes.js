// The id a wish is born with, and what a panel asks about wishes that wait.

/**
 * Returns a fresh UUID version 4. `crypto.randomUUID` is missing on old phones and on plain HTTP, `getRandomValues`
 * never is.
 * @returns {string}
 */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Whether a wish of this name (and with these values) waits for its answer or its effect.
 * @param {import("./room.js").Room} room
 * @param {string} name
 * @param {Record<string, unknown>} [data]
 * @returns {boolean}
 */
export function isWaiting(room, name, data) {
  const asked = data || {};
  return room.waiting.value.some(
    (wish) => wish.name === name && Object.keys(asked).every((key) => wish.data[key] === asked[key]),
  );
}

/**
 * What the shared panel `may` allows this person now; an observer or a page without a seat has its own list.
 * @param {any} panels
 * @returns {string[]}
 */
export function allowed(panels) {
  const { may, me } = panels;
  if (!may) return [];
  if (!me) return may.observer;
  return me.present ? may.present : may.absent;
}

/** @param {import("./room.js").LinkState} link */
export function isLost(link) {
  return link === "offline" || link === "retrying";
}
