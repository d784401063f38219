// How long something has lasted, in whole minutes of the server's clock.
import { useTicking } from "./countdown.js";

/**
 * @param {import("../kernel/page.js").Hall} hall
 * @param {number | null} since milliseconds UTC
 * @returns {number | null} minutes
 */
export function useMinutesSince(hall, since) {
  return useTicking(() => (since ? Math.max(0, Math.floor((hall.room.clock.now() - since) / 60000)) : null));
}
