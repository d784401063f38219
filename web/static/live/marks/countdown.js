// The speaking clock, drawn from a deadline. It counts on after the end; nothing is cut off.
import { useEffect, useState } from "../../vendor/ui.js";
import { secondsLeft } from "../kernel/clock.js";

/**
 * Redraws its component whenever the answer of `read` changes, looked at five times a second.
 * @template T
 * @param {() => T} read
 * @returns {T}
 */
export function useTicking(read) {
  const [, redraw] = useState(0);
  const value = read();
  useEffect(() => {
    const timer = setInterval(() => {
      if (read() !== value) redraw((count) => count + 1);
    }, 200);
    return () => clearInterval(timer);
  });
  return value;
}

/**
 * Seconds that the speaker still has; null when nobody speaks or the turn stands still.
 * @param {import("../kernel/page.js").Hall} hall
 * @param {any} floor
 * @returns {number | null}
 */
export function useSecondsLeft(hall, floor) {
  return useTicking(() =>
    floor && floor.speaker && floor.deadline ? secondsLeft(floor.deadline, hall.room.clock.now()) : null,
  );
}

/** @param {any} floor @returns {number} the seconds a turn whose clock stands has left */
export function standing(floor) {
  return Math.round((floor.remaining_ms || 0) / 1000);
}
