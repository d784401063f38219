// The same room over plain HTTP, for phones whose network lets no WebSocket through.

/**
 * @typedef {Object} Postbox
 * @property {() => Promise<any>} fetchState  the answer of hello
 * @property {(wish: {id: string, name: string, data: unknown}) => Promise<any>} post  the answer of a command
 */

/** @returns {string} the CSRF token of the cookie, which is newer than the page's when someone signed in again */
function cookieToken() {
  const found = /(?:^|;\s*)csrf=([^;]*)/.exec(document.cookie);
  return found ? decodeURIComponent(found[1]) : "";
}

/**
 * Gives up after eight seconds; an answer that is no JSON (a gateway's page) counts as no answer.
 * @param {string} address
 * @param {RequestInit} request
 * @returns {Promise<any>}
 */
async function ask(address, request) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 8000);
  try {
    const headers = Object.assign({ Accept: "application/json" }, request.headers);
    const init = Object.assign({ credentials: "same-origin", cache: "no-store" }, request, { headers });
    const response = await fetch(address, Object.assign(init, { signal: controller.signal }));
    if (response.status === 403) return { ok: false, barred: true, refusal: await refusalOf(response) };
    if (response.status === 404)
      return { ok: false, barred: true, refusal: { code: "NOT_FOUND", facts: {} } };
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return await response.json();
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response */
async function refusalOf(response) {
  try {
    const body = await response.json();
    return body.refusal || body;
  } catch {
    return { code: "NOT_SIGNED_IN", facts: {} };
  }
}

/**
 * @param {string} meeting
 * @param {string} screen
 * @param {string} pageToken
 * @returns {Postbox}
 */
export function openPostbox(meeting, screen, pageToken) {
  const room = `/meetings/${encodeURIComponent(meeting)}`;
  return {
    fetchState: () => ask(`${room}/state?screen=${encodeURIComponent(screen)}`, {}),
    post(wish) {
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": cookieToken() || pageToken };
      const body = JSON.stringify({ id: wish.id, name: wish.name, data: wish.data });
      return ask(`${room}/command`, { method: "POST", headers, body });
    },
  };
}
