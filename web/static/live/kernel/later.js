// Parts few people need are fetched when they are first wanted; whatever stood there stays until they are here.
import { signal } from "../../vendor/ui.js";

// after a failure the next try waits so long
const PATIENCE = 3000;

/**
 * Returns a function that gives the loaded module, or null while it is on its way; it asks for it once.
 * @template T
 * @param {() => Promise<T>} load a dynamic import
 * @returns {() => T | null}
 */
export function later(load) {
  const part = signal(/** @type {T | null} */ (null));
  let isAsked = false;
  function ask() {
    load().then(
      (loaded) => {
        part.value = loaded;
      },
      () => setTimeout(ask, PATIENCE),
    );
  }
  return () => {
    if (!isAsked) {
      isAsked = true;
      ask();
    }
    return part.value;
  };
}
