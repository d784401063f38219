// The editor: keeps what is typed on this computer, and shows how it will read. Saving stays the form's own act.

import { begin, draw } from "./fields.js";

const PAUSE = 700;

const form = /** @type {HTMLFormElement} */ (document.getElementById("editor"));
const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("markdown"));
const preview = /** @type {HTMLElement} */ (document.getElementById("preview"));
const previewHead = /** @type {HTMLElement} */ (document.getElementById("preview-head"));
const kept = /** @type {HTMLElement} */ (document.getElementById("kept"));
const keptWords = /** @type {HTMLElement} */ (document.getElementById("kept-words"));
const restore = /** @type {HTMLButtonElement} */ (document.getElementById("restore"));
const unsaved = /** @type {HTMLElement} */ (document.getElementById("unsaved"));
const forget = /** @type {HTMLButtonElement} */ (document.getElementById("forget"));

const KEY = form.dataset.key || "minutes";
// As the page came, whatever the browser put back into the field afterwards.
const loaded = text.defaultValue;

/** @type {number | undefined} */
let timer;
/** @type {XMLHttpRequest | undefined} */
let asking;

/** @returns {{text: string, at: number} | null} */
function readKept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) || "null");
    return found && typeof found.text === "string" ? found : null;
  } catch {
    return null;
  }
}

/**
 * As the server keeps a text: what differs only in blanks at its ends is saved.
 * @param {string} words
 */
function asSaved(words) {
  return words.normalize("NFC").replace(/\r\n/g, "\n").trim();
}

function keep() {
  try {
    if (asSaved(text.value) === asSaved(loaded)) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify({ text: text.value, at: Date.now() }));
  } catch {
    // A full or forbidden store takes nothing away: saving still works.
  }
}

function drop() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // see keep
  }
  kept.hidden = true;
}

function offerKept() {
  const found = readKept();
  if (!found || asSaved(found.text) === asSaved(loaded)) {
    drop();
    return;
  }
  const at = new Date(found.at);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const when = `${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
  keptWords.textContent = `${when}写的，${found.text.length}字，还没有保存到会议里。`;
  kept.hidden = false;
}

/** Ask how the text will read. The browser parses the answer as a document of its own: no text becomes HTML here. */
function showPreview() {
  asking?.abort();
  const request = new XMLHttpRequest();
  asking = request;
  const data = new FormData(form);
  data.set("part", "1");
  request.open("POST", `${form.action}/preview`);
  request.responseType = "document";
  request.addEventListener("load", () => {
    const page = request.responseXML;
    if (request.status !== 200 || !page) return;
    preview.textContent = "";
    preview.append(...page.body.childNodes);
    preview.hidden = false;
    previewHead.hidden = false;
  });
  // Offline: the old preview stays, the text is kept here.
  request.send(data);
}

text.addEventListener("input", () => {
  window.clearTimeout(timer);
  timer = window.setTimeout(showPreview, PAUSE);
  keep();
});
restore.addEventListener("click", () => {
  const found = readKept();
  if (found) text.value = found.text;
  kept.hidden = true;
  draw();
  showPreview();
});
forget.addEventListener("click", drop);

// What is typed but not saved would not be part of a frozen text.
for (const other of document.querySelectorAll("form[data-needs-saved]")) {
  other.addEventListener("submit", (event) => {
    if (asSaved(text.value) === asSaved(loaded)) return;
    event.preventDefault();
    unsaved.hidden = false;
    unsaved.scrollIntoView({ block: "center" });
  });
}

begin();
offerKept();
showPreview();
