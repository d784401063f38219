// The wall (大屏): one view at a time, chosen from the panels alone, so that a reload shows the same again.
import { html } from "../../vendor/ui.js";
import { startScreen } from "../kernel/page.js";
import { Strip } from "./meeting.js";
import { viewOf } from "./view.js";

/** @param {{hall: import("../kernel/page.js").Hall}} props */
function Projector({ hall }) {
  const panels = hall.room.panels.value;
  const reason = hall.room.retired.value;
  if (reason !== null) {
    const said = hall.words.retired[reason] || hall.words.retired.unknown;
    return html`<main class="projector-body recess"><h1 class="call">${said.sentence}</h1><p class="lead">${said.advice}</p></main>`;
  }
  if (panels === null) return null;
  const View = viewOf(panels);
  return html`<${Strip} hall=${hall} panels=${panels} /><${View} hall=${hall} panels=${panels} />`;
}

startScreen(Projector);
