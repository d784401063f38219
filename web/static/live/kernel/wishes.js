// Questions a panel asks about wishes that wait.

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
