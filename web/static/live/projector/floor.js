// Panel `floor` on the wall: who speaks and how long, beside the next three of `speaker_queue`.
import { html } from "../../vendor/ui.js";
import { clockFace, secondsInWords } from "../kernel/clock.js";
import { standing, useSecondsLeft } from "../marks/countdown.js";
import { Party, partyOf } from "../marks/party.js";
import { Bar, Stance } from "../marks/signs.js";
import { ItemHead } from "./agenda.js";
import { Next } from "./speaker_queue.js";

/** @param {import("./meeting.js").PanelProps} props */
function Turn({ hall, panels }) {
  const { floor } = panels;
  const { words } = hall;
  const left = useSecondsLeft(hall, floor);
  const { speaker } = floor;
  const isOver = left !== null && left < 0;
  const share = left === null ? 1 : isOver ? 1 : left / floor.allowance_seconds;
  return html`<section class="floor">
    <p class="kicker"><b><i class="dot"></i>正在发言</b></p>
    <div>
      <p class="name" data-length=${speaker.name.length > 4 ? "long" : undefined}>${speaker.name}</p>
      <p class="who"><${Party} party=${partyOf(speaker)} />${speaker.point_of_order ? html`<b class="stance now">程序性发言</b>` : html`<${Stance} stance=${speaker.stance} words=${words} />`}${speaker.by_name ? html`<span class="quiet">主持人请发言</span>` : null}</p>
      <${Question} hall=${hall} floor=${floor} />
    </div>
    <span></span>
    <div class="clock" data-state=${isOver ? "over" : undefined}>
      <span class="num">${clockFace(left === null ? standing(floor) : left)}</span>
      <p>${left === null ? "计时暂停" : isOver ? html`<b class="now">超时</b>` : "还可以讲"}<br />每人限时${secondsInWords(floor.allowance_seconds)}</p>
      <${Bar} share=${share} over=${isOver} />
    </div>
  </section>`;
}

/** @param {{hall: import("../kernel/page.js").Hall, floor: any}} props somebody asks, the speaker's clock stands */
function Question({ hall, floor }) {
  const { interposed } = floor;
  const left = useSecondsLeft(hall, interposed);
  if (!interposed) return null;
  return html`<p class="who">插问　<strong>${interposed.speaker.name}</strong><${Party} party=${partyOf(interposed.speaker)} /><span class="num">${left === null ? "—" : clockFace(left)}</span></p>`;
}

/** @param {import("./meeting.js").PanelProps} props */
function EmptyFloor({ panels }) {
  const { speaker_queue: queue } = panels;
  return html`<section class="floor" data-state="empty">
    <p class="kicker"><b>${queue.length ? "等主持人请下一位" : "请大家发言"}</b></p>
    <h2 class="call">${queue.length ? `${queue.length}人等候发言` : html`有话要说，<br />请申请发言`}</h2>
    <p class="kicker">手机上点“申请发言”；没有手机的，请举手。</p>
  </section>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Floor({ hall, panels }) {
  const { floor } = panels;
  return html`<main class="projector-body speaking">
    <${ItemHead} panels=${panels} />
    <div class="stage">
      ${floor.speaker ? html`<${Turn} hall=${hall} panels=${panels} />` : html`<${EmptyFloor} hall=${hall} panels=${panels} />`}
      <${Next} hall=${hall} panels=${panels} />
    </div>
  </main>`;
}
