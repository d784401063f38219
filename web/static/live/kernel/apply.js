// What a message does to the panels of a screen. Pure: no socket, no document.

/**
 * @typedef {Record<string, any>} Panels
 * @typedef {{version: number, panels: Panels}} ScreenState
 * @typedef {{since: number, version: number, now: number, panels: Panels}} Changes
 * @typedef {"applied" | "dropped" | "gap"} Outcome
 */

/**
 * Replaces the changed panels, which travel whole: safe whenever since ≤ mine ≤ version.
 * @param {ScreenState | null} state
 * @param {Changes} message
 * @returns {{state: ScreenState | null, outcome: Outcome}}
 */
export function applyChanges(state, message) {
  if (state === null || message.since > state.version) return { state, outcome: "gap" };
  if (message.version <= state.version) return { state, outcome: "dropped" };
  const panels = Object.assign({}, state.panels, message.panels);
  return { state: { version: message.version, panels }, outcome: "applied" };
}

/**
 * Replaces one person's own panels; `mine` never moves the version.
 * @param {ScreenState | null} state
 * @param {{panels: Panels}} message
 * @returns {{state: ScreenState | null, outcome: Outcome}}
 */
export function applyMine(state, message) {
  if (state === null) return { state, outcome: "gap" };
  return {
    state: { version: state.version, panels: Object.assign({}, state.panels, message.panels) },
    outcome: "applied",
  };
}

/**
 * Takes a whole screen. An older one than mine is a late answer and is dropped.
 * @param {ScreenState | null} state
 * @param {{version: number, panels: Panels}} message
 * @returns {{state: ScreenState | null, outcome: Outcome}}
 */
export function applySnapshot(state, message) {
  if (state !== null && message.version < state.version) return { state, outcome: "dropped" };
  return { state: { version: message.version, panels: message.panels }, outcome: "applied" };
}
