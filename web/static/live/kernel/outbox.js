// Wishes that the server has not answered yet. They keep their id, so that sending twice is one event, and survive a reload.

/**
 * @typedef {{id: string, name: string, data: Record<string, unknown>, at: number}} Wish
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Shelf
 * @typedef {Object} Outbox
 * @property {(wish: Wish) => void} add
 * @property {(id: string) => Wish | null} settle  removes an answered wish and returns it
 * @property {() => Wish[]} waiting  in the order of the taps
 */

// A hand raised before a long sleep must not go up by itself afterwards; a ballot keeps its worth until the poll closes.
const LIFE = 10 * 60 * 1000;
const LASTING = ["ballot.cast", "ballot.record", "presence.check_in"];

/**
 * @param {Wish} wish
 * @param {number} now
 */
function isAlive(wish, now) {
  return LASTING.includes(wish.name) ? now - wish.at < 24 * LIFE : now - wish.at < LIFE;
}

/**
 * @param {Shelf | null} shelf
 * @param {string} key
 * @returns {Wish[]}
 */
function read(shelf, key) {
  try {
    const stored = shelf === null ? null : JSON.parse(shelf.getItem(key) || "[]");
    return Array.isArray(stored) ? stored.filter((wish) => wish && wish.id && wish.name && wish.data) : [];
  } catch {
    return [];
  }
}

/**
 * Opens the outbox of one person in one meeting. Without a shelf (private mode) it lives as long as the page.
 * @param {Shelf | null} shelf
 * @param {string} key
 * @param {() => number} [now]
 * @returns {Outbox}
 */
export function openOutbox(shelf, key, now = Date.now) {
  let wishes = read(shelf, key);
  function save() {
    if (shelf === null) return;
    try {
      if (wishes.length) shelf.setItem(key, JSON.stringify(wishes));
      else shelf.removeItem(key);
    } catch {
      // a full or forbidden shelf: the wish still waits in memory
    }
  }
  return {
    add(wish) {
      wishes = wishes.concat(wish);
      save();
    },
    settle(id) {
      const found = wishes.find((wish) => wish.id === id) || null;
      wishes = wishes.filter((wish) => wish.id !== id);
      save();
      return found;
    },
    waiting() {
      const alive = wishes.filter((wish) => isAlive(wish, now()));
      if (alive.length !== wishes.length) {
        wishes = alive;
        save();
      }
      return wishes.slice();
    },
  };
}
