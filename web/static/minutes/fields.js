// One field under each heading, so that nobody has to know the marks of headings; the whole text stays the source.

import { isPlain, join, split, TO_FILL } from "./parts.js";

const whole = /** @type {HTMLTextAreaElement} */ (document.getElementById("markdown"));
const row = /** @type {HTMLElement} */ (document.getElementById("whole"));
const place = /** @type {HTMLElement} */ (document.getElementById("parts"));
const change = /** @type {HTMLButtonElement} */ (document.getElementById("change"));

/** @param {HTMLTextAreaElement} field */
function grow(field) {
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${field.scrollHeight + 2}px`);
}

/**
 * @param {import("./parts.js").Part} part
 * @param {number} number
 * @param {() => void} changed
 */
function drawn(part, number, changed) {
  const box = document.createElement("div");
  box.className = "part";
  const head = document.createElement(part.level === 3 ? "h3" : "h2");
  head.id = `part-${number}`;
  head.textContent = part.title || "开头";
  box.append(head);
  const isRoof = part.level === 2 && !part.body;
  if (isRoof) return box;
  const open = document.createElement("p");
  open.className = "to-fill";
  open.textContent = "还有要补写的";
  const field = document.createElement("textarea");
  field.setAttribute("aria-labelledby", head.id);
  field.value = part.body;
  field.rows = 2;
  const show = () => {
    open.hidden = !field.value.includes(TO_FILL);
    grow(field);
  };
  field.addEventListener("input", () => {
    part.body = field.value;
    show();
    changed();
  });
  box.append(open, field);
  window.requestAnimationFrame(show);
  return box;
}

/** Draw the fields anew from the whole text, if it can be shown in parts. */
export function draw() {
  place.textContent = "";
  if (place.hidden || !isPlain(whole.value)) return;
  const parts = split(whole.value.trim());
  const changed = () => {
    whole.value = join(parts);
    whole.dispatchEvent(new Event("input"));
  };
  place.append(
    ...parts.filter((part) => part.level || part.body).map((part, at) => drawn(part, at, changed)),
  );
}

/** @param {boolean} inParts */
function show(inParts) {
  place.hidden = !inParts;
  row.hidden = inParts;
  change.textContent = inParts ? "改标题，或者改整篇文字" : "一段一段地改";
  change.hidden = !isPlain(whole.value);
  draw();
}

/** Begin: in parts wherever that is possible. */
export function begin() {
  change.addEventListener("click", () => show(place.hidden === true));
  show(isPlain(whole.value));
}
