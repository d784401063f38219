// The server's clock as seen from this device: deadlines travel, ticks do not.

const CHINA_OFFSET = 8 * 3600 * 1000;

/**
 * @typedef {Object} Clock
 * @property {(serverNow: number, sentAt?: number) => void} learn  takes `now` of a message; `sentAt` when the request left
 * @property {() => number} now  milliseconds UTC on the server's clock
 */

/**
 * Keeps the offset between two clocks. A push can only be late, so of two pushes the one that arrived faster is nearer the truth;
 * an answer to our own request is centred on its round trip.
 * @param {() => number} [deviceNow]
 * @returns {Clock}
 */
export function createClock(deviceNow = Date.now) {
  /** @type {number | null} */
  let offset = null;
  /** @param {number} serverNow @param {number} [sentAt] */
  function learn(serverNow, sentAt) {
    const arrived = deviceNow();
    if (sentAt !== undefined) {
      offset = serverNow - (sentAt + arrived) / 2;
      return;
    }
    const candidate = serverNow - arrived;
    if (offset === null || candidate > offset) offset = candidate;
  }
  return { learn, now: () => deviceNow() + (offset === null ? 0 : offset) };
}

/**
 * Whole seconds until a deadline, rounded up; negative when it has passed.
 * @param {number} deadline
 * @param {number} now
 * @returns {number}
 */
export function secondsLeft(deadline, now) {
  return Math.ceil((deadline - now) / 1000) || 0; // never −0
}

/**
 * Seconds as a clock face: 1:47, after the end −0:12.
 * @param {number} seconds
 * @returns {string}
 */
export function clockFace(seconds) {
  const size = Math.abs(seconds);
  const face = `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
  return seconds < 0 ? `−${face}` : face;
}

/**
 * Seconds in words: 1分47秒, 47秒, 2分.
 * @param {number} seconds
 * @returns {string}
 */
export function secondsInWords(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (!rest && minutes) return `${minutes}分钟`;
  return (minutes ? `${minutes}分` : "") + `${rest}秒`;
}

/** @param {number} instant */
function inChina(instant) {
  return new Date(instant + CHINA_OFFSET);
}

/**
 * Time of day in China, 19:31 or 19:52:05; the hall's wall clock, whatever zone the device believes in.
 * @param {number} instant milliseconds UTC
 * @param {boolean} [withSeconds]
 * @returns {string}
 */
export function timeOfDay(instant, withSeconds = false) {
  const text = inChina(instant).toISOString();
  const hour = String(Number(text.slice(11, 13)));
  return hour + text.slice(13, withSeconds ? 19 : 16);
}

/**
 * Day in China: 3月20日 星期五.
 * @param {number} instant milliseconds UTC
 * @returns {string}
 */
export function dayOf(instant) {
  const day = inChina(instant);
  return `${day.getUTCMonth() + 1}月${day.getUTCDate()}日 星期${"日一二三四五六"[day.getUTCDay()]}`;
}

/**
 * A date of the wire (2026-04-30) in words: 4月30日, with the year when it is not this one.
 * @param {string} date
 * @param {number} now milliseconds UTC
 * @returns {string}
 */
export function dateInWords(date, now) {
  const [year, month, day] = date.split("-").map(Number);
  const prefix = year === inChina(now).getUTCFullYear() ? "" : `${year}年`;
  return `${prefix}${month}月${day}日`;
}
