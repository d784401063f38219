// What stands above everything on the phone: a lost link with what was not sent, or a refusal with what to do.
import { html } from "../../vendor/ui.js";
import { timeOfDay } from "../kernel/clock.js";
import { explain } from "../kernel/words.js";

/** @param {{hall: import("../kernel/page.js").Hall}} props */
export function Notices({ hall }) {
  const { room, words } = hall;
  const link = room.link.value;
  if (link === "retrying") return html`<p class="loading">正在取最新情况，原来的内容先留着</p>`;
  if (link === "offline") {
    const waiting = room.waiting.value[0];
    const act = waiting ? words.commands[waiting.name] : "";
    return html`<div class="notice" data-kind="offline" role="alert">
        <strong>网络断了，正在重连</strong>
        ${waiting ? `您的“${act}”还没有送到。连上后会自动送出，不用再点。` : "连上以后，画面会自动更新。"}
      </div>
      <p class="quiet">下面是${timeOfDay(room.heardAt.value)}时的内容。</p>`;
  }
  const refused = room.refused.value;
  if (refused === null) return null;
  const said = explain(words, refused.refusal, refused.wish.name);
  return html`<div class="notice" data-kind="refused" role="alert">
    <strong>${said.sentence}</strong>${said.advice}
    <p class="code">${said.code}</p>
  </div>`;
}

/** @param {{hall: import("../kernel/page.js").Hall}} props the way out of a refusal */
export function WayOut({ hall }) {
  return html`<button class="button big" type="button" onClick=${() => {
    hall.room.refused.value = null;
  }}>知道了</button>`;
}
