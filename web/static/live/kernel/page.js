// What the served page tells its screen, and the start that all screens share.
import { effect, html, options, render } from "../../vendor/ui.js";
import { enterRoom } from "./room.js";

// One redraw per frame, however many messages arrive; the timer stands in where a covered window gets no frames.
options.debounceRendering = (draw) => {
  let isDrawn = false;
  function once() {
    if (isDrawn) return;
    isDrawn = true;
    draw();
  }
  requestAnimationFrame(once);
  setTimeout(once, 100);
};

/** @param {string} id @returns {any} */
function readBlock(id) {
  const block = document.getElementById(id);
  return block && block.textContent ? JSON.parse(block.textContent) : null;
}

/** @returns {Storage | null} nothing in private modes that forbid it */
function shelfOfDevice() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/**
 * @typedef {Object} Hall  what every panel may use
 * @property {import("./room.js").Room} room
 * @property {import("./words.js").Words} words
 * @property {DOMStringMap} page  the data attributes of body
 * @property {Storage | null} shelf
 */

/**
 * Starts a screen: enters the room and draws it into the root for as long as the page lives.
 * The served first view stays until there is something to put in its place.
 * @param {(props: {hall: Hall}) => any} Screen
 * @param {(hall: Hall) => void} [prepare]
 */
export function startScreen(Screen, prepare) {
  const page = document.body.dataset;
  const shelf = shelfOfDevice();
  const room = enterRoom({
    meeting: page.meeting || "",
    screen: page.screen === "desk" ? "console" : page.screen || "",
    person: page.person || "",
    csrf: page.csrf || "",
    firstView: readBlock("first-view"),
    shelf,
  });
  const hall = { room, words: readBlock("words"), page, shelf };
  if (prepare) prepare(hall);
  const root = /** @type {HTMLElement} */ (document.getElementById("root"));
  let isDrawn = false;
  effect(() => {
    document.body.dataset.link = room.link.value;
  });
  effect(() => {
    if (isDrawn || (room.panels.value === null && room.retired.value === null)) return;
    isDrawn = true;
    root.textContent = "";
    render(html`<${Screen} hall=${hall} />`, root);
  });
}
