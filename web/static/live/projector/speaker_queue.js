// Panel `speaker_queue` on the wall: the next three, and how many wait behind them.
import { html } from "../../vendor/ui.js";
import { briefName, Party, partyOf } from "../marks/party.js";
import { Stance } from "../marks/signs.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Next({ hall, panels }) {
  const { speaker_queue: queue } = panels;
  const next = queue.waiting.slice(0, 3);
  const behind = queue.length - next.length;
  return html`<section class="next">
    <h2>接下来${queue.mode === "first_come" ? "" : `（${hall.words.queue_modes[queue.mode]}）`}</h2>
    <ol>
      ${next.map(
        (/** @type {any} */ person, /** @type {number} */ i) => html`<li key=${person.seat}>
          <span class="num">${i + 1}</span><strong>${person.name}</strong>
          <${Party} party=${Object.assign(partyOf(person), { name: briefName(person.party) })} />${person.point_of_order ? html`<b class="stance now">程序性</b>` : html`<${Stance} stance=${person.stance} words=${hall.words} />`}
        </li>`,
      )}
    </ol>
    <p class="more">${behind > 0 ? `后面还有${behind}人等候` : next.length ? "" : queue.open ? "现在没有人等候" : "发言申请已关闭"}</p>
  </section>`;
}
