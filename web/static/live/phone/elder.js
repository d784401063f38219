// 长辈版: one step larger everywhere, remembered on the device and told to the server's pages by a cookie.
import { html, signal } from "../../vendor/ui.js";

const isElder = signal(document.documentElement.dataset.mode === "elder");

/** @param {boolean} wanted */
function apply(wanted) {
  isElder.value = wanted;
  if (wanted) document.documentElement.dataset.mode = "elder";
  else delete document.documentElement.dataset.mode;
}

/** @returns {boolean} */
export function elderMode() {
  return isElder.value;
}

/**
 * Takes up what the device remembers.
 * @param {Storage | null} shelf
 */
export function rememberElderMode(shelf) {
  const kept = shelf === null ? null : shelf.getItem("mode");
  if (kept !== null) apply(kept === "elder");
}

/** @param {{hall: import("../kernel/page.js").Hall}} props */
export function ElderSwitch({ hall }) {
  function turn() {
    const mode = isElder.value ? "ordinary" : "elder";
    apply(mode === "elder");
    if (hall.shelf !== null) hall.shelf.setItem("mode", mode);
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store API is missing on the phones this is for
    document.cookie = `mode=${mode}; path=/; max-age=31536000; samesite=lax`;
  }
  return html`<button class="elder-switch" type="button" onClick=${turn}>${isElder.value ? "普通版" : "长辈版"}</button>`;
}
