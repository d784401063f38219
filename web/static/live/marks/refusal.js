// A refusal on a desk or console: what is the case, what to do, the code small, and a button to put it away.
import { html } from "../../vendor/ui.js";
import { timeOfDay } from "../kernel/clock.js";
import { explain } from "../kernel/words.js";

/** @param {{hall: import("../kernel/page.js").Hall}} props */
export function RefusalNotice({ hall }) {
  const { room, words } = hall;
  const refused = room.refused.value;
  if (refused === null) return null;
  const said = explain(words, refused.refusal, refused.wish.name);
  return html`<div class="notice" data-kind="refused" role="alert">
    <strong>${said.sentence}</strong>${said.advice}
    <p class="code">${said.code} <button class="text-button" type="button" onClick=${() => {
      room.refused.value = null;
    }}>知道了</button></p>
  </div>`;
}

/** @param {{hall: import("../kernel/page.js").Hall}} props */
export function LinkNotice({ hall }) {
  const { room, words } = hall;
  if (room.link.value !== "offline") return null;
  const waiting = room.waiting.value.map((wish) => words.commands[wish.name]);
  return html`<div class="notice" data-kind="offline" role="alert">
    <strong>网络断了，正在重连</strong>
    ${waiting.length ? `还没有送到：${waiting.join("、")}。连上后会自动送出，不用再点。` : `下面是${timeOfDay(room.heardAt.value)}时的内容。`}
  </div>`;
}

/** @param {{hall: import("../kernel/page.js").Hall}} props the page must not go on */
export function Retired({ hall }) {
  const reason = hall.room.retired.value || "unknown";
  const said = hall.words.retired[reason] || hall.words.retired.unknown;
  return html`<main class="retired"><div role="alert"><h1>${said.sentence}</h1><p>${said.advice}</p><p><a class="button fit" href=${location.pathname}>重新打开</a></p></div></main>`;
}
