// The phone (手机端): my own state first, one thing under the thumb, chosen from the panels alone.
import { html, useEffect } from "../../vendor/ui.js";
import { startScreen } from "../kernel/page.js";
import { rememberElderMode } from "./elder.js";
import { viewOf } from "./view.js";

/** @param {{hall: import("../kernel/page.js").Hall}} props */
function Phone({ hall }) {
  const panels = hall.room.panels.value;
  const reason = hall.room.retired.value;
  const View = panels === null ? null : viewOf(panels);
  // a new view begins at its head, wherever the last one was scrolled to
  useEffect(() => window.scrollTo(0, 0), [View, reason]);
  if (reason !== null) {
    const said = hall.words.retired[reason] || hall.words.retired.unknown;
    return html`<main class="turn"><div role="alert"><h1 class="call">${said.sentence}</h1><p class="before">${said.advice}</p></div></main>
      <div class="thumb" role="region" aria-label="现在可以做"><a class="button big" href="/join">重新入会</a></div>`;
  }
  if (View === null) return null;
  return html`<${View} hall=${hall} panels=${panels} />`;
}

startScreen(Phone, (hall) => rememberElderMode(hall.shelf));
