// Signing by finger: positions only, on one scale for both axes (0–4095), sent as JSON in a hidden field.
// Speed and pressure are never read.

const FULL = 4095;
const NEAR = 20;
const MOST_STROKES = 200;
const MOST_POINTS = 500;
const LONGEST_FIELD = 60000;

/** @typedef {[number, number]} Point */

const form = /** @type {HTMLFormElement} */ (document.getElementById("answer"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("strokes"));
const drawing = /** @type {HTMLElement} */ (document.getElementById("drawing"));
const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("pad"));
const words = /** @type {HTMLElement} */ (document.getElementById("pad-words"));
const again = /** @type {HTMLButtonElement} */ (document.getElementById("again"));
const reason = /** @type {HTMLElement} */ (document.getElementById("reason"));
const reasonWords = /** @type {HTMLElement} */ (document.getElementById("reason-words"));
const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("text"));
const context = canvas.getContext("2d");

const EMPTY_WORDS = words.textContent || "";

/** @type {Point[][]} */
let strokes = readField();
/** @type {number | null} */
let pointer = null;

/** @returns {Point[][]} */
function readField() {
  try {
    const found = JSON.parse(field.value || "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function chosen() {
  return new FormData(form).get("answer");
}

/** Show the reason where one is asked for, and the pad unless somebody refuses. */
function arrange() {
  const answer = chosen();
  reason.hidden = answer !== "signed_with_reservation" && answer !== "refused";
  drawing.hidden = answer === "refused";
  if (!drawing.hidden) resize();
}

function resize() {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (width === 0 || (canvas.width === width && canvas.height === height)) return;
  canvas.width = width;
  canvas.height = height;
  draw();
}

function draw() {
  if (!context) return;
  const scale = canvas.width / FULL;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = Math.max(2, canvas.width / 110);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    stroke.forEach(([x, y], index) => {
      if (index === 0) context.moveTo(x * scale, y * scale);
      context.lineTo(x * scale + (stroke.length === 1 ? 0.1 : 0), y * scale);
    });
    context.stroke();
  }
}

/**
 * @param {PointerEvent} event
 * @returns {Point}
 */
function pointOf(event) {
  const box = canvas.getBoundingClientRect();
  const unit = FULL / box.width;
  /** @param {number} value */
  const within = (value) => Math.min(FULL, Math.max(0, Math.round(value * unit)));
  return [within(event.clientX - box.left), within(event.clientY - box.top)];
}

/** @param {PointerEvent} event */
function begin(event) {
  if (pointer !== null || strokes.length >= MOST_STROKES || field.value.length > LONGEST_FIELD) return;
  event.preventDefault();
  pointer = event.pointerId;
  canvas.setPointerCapture(event.pointerId);
  strokes.push([pointOf(event)]);
  draw();
}

/** @param {PointerEvent} event */
function move(event) {
  if (event.pointerId !== pointer) return;
  const stroke = strokes[strokes.length - 1];
  const [x, y] = pointOf(event);
  const [lastX, lastY] = stroke[stroke.length - 1];
  if (stroke.length >= MOST_POINTS || Math.hypot(x - lastX, y - lastY) < NEAR) return;
  stroke.push([x, y]);
  draw();
}

/** @param {PointerEvent} event */
function end(event) {
  if (event.pointerId !== pointer) return;
  pointer = null;
  keep();
}

function keep() {
  field.value = strokes.length ? JSON.stringify(strokes) : "";
  if (field.value.length > LONGEST_FIELD) words.textContent = "笔画太多，后面的没有收下。可以重写。";
  else words.textContent = strokes.length ? "写好了。写错了就点“重写”" : EMPTY_WORDS;
}

canvas.addEventListener("pointerdown", begin);
canvas.addEventListener("pointermove", move);
canvas.addEventListener("pointerup", end);
canvas.addEventListener("pointercancel", end);
again.addEventListener("click", () => {
  strokes = [];
  keep();
  draw();
});
form.addEventListener("change", arrange);

/** Lead to the reason: the page is long, and the way back from its head is too far for tired eyes. */
function askReason() {
  reason.dataset.state = "wrong";
  reason.scrollIntoView({ block: "center" });
  text.focus({ preventScroll: true });
}

form.addEventListener("submit", (event) => {
  if (!reason.hidden && !text.value.trim()) {
    event.preventDefault();
    reasonWords.textContent = chosen() === "refused" ? "请写一句拒签的理由" : "请写一句保留的意见";
    askReason();
    return;
  }
  if (chosen() === "refused" || strokes.length) return;
  event.preventDefault();
  words.textContent = "还没有签名。请在框内写下姓名。";
  drawing.scrollIntoView({ block: "center" });
});
window.addEventListener("resize", resize);

text.addEventListener("input", () => {
  reasonWords.textContent = "";
  delete reason.dataset.state;
});

drawing.hidden = false;
arrange();
resize();
draw();
if (reason.dataset.state === "wrong") askReason();
