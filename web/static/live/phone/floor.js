// Panel `floor` on the phone: who speaks; and the one full field of cinnabar, when it is me.
import { html, useEffect } from "../../vendor/ui.js";
import { clockFace } from "../kernel/clock.js";
import { useSecondsLeft } from "../marks/countdown.js";
import { Party, partyOf } from "../marks/party.js";
import { Bar, Stance } from "../marks/signs.js";
import { Action, vibrate } from "./action.js";
import { itemWords } from "./agenda.js";
import { PhoneBar } from "./meeting.js";
import { Notices, WayOut } from "./notice.js";
import { handPart } from "./speaker_queue.js";

const WARNING = 30;

/** @param {import("./meeting.js").PanelProps} props */
export function OnFloor({ hall, panels }) {
  const { floor } = panels;
  const left = useSecondsLeft(hall, floor);
  if (!floor.speaker) return null;
  const { speaker } = floor;
  const more = floor.interposed ? handPart() : null;
  return html`<div class="on-floor">
    <strong>${speaker.name} 发言</strong>
    <span><${Party} party=${partyOf(speaker)} />　<${Stance} stance=${speaker.stance} words=${hall.words} /></span>
    <span class="num" data-state=${left !== null && left < 0 ? "over" : undefined}>${left === null ? "暂停" : clockFace(left)}</span>
  </div>
  ${more ? html`<${more.Asking} hall=${hall} panels=${panels} />` : null}`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function MyFloor({ hall, panels }) {
  const { floor } = panels;
  const left = useSecondsLeft(hall, floor);
  const isOver = left !== null && left < 0;
  const isShort = left !== null && left <= WARNING;
  useEffect(() => {
    vibrate(isShort ? 400 : [200, 120, 200]);
  }, [isShort]);
  const share = left === null || isOver ? 1 : left / floor.allowance_seconds;
  const isRefused = hall.room.refused.value !== null;
  return html`<div class="floor-head">
      <${PhoneBar} hall=${hall} panels=${panels} />
      <section aria-label="发言计时">
        <div role="status"><h1>请您发言</h1></div>
        <span class="num">${left === null ? "暂停" : clockFace(left)}</span>
        ${isOver ? html`<p class="over">超时，请尽快说完</p>` : null}
        <${Bar} share=${share} over=${isOver} />
      </section>
    </div>
    <main>
      <${Notices} hall=${hall} />
      <p>${itemWords(panels, floor.item)}</p>
      ${floor.speaker.stance === "talk" ? null : html`<p>您的立场　<${Stance} stance=${floor.speaker.stance} words=${hall.words} /></p>`}
      <ul class="rules-list">
        ${floor.speaker.stance === "talk" ? null : html`<li>先说赞成还是反对，再说理由</li>`}
        <li>面向主持人，说事不说人</li>
        <li>剩30秒时手机会振动</li>
      </ul>
    </main>
    <div class="thumb" role="region" aria-label="现在可以做">${isRefused ? html`<${WayOut} hall=${hall} />` : html`<${Action} hall=${hall} name="floor.yield" label="我说完了" />`}</div>`;
}
