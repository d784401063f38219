// Panels `resolutions` and `minutes` on the phone after the meeting: what was decided, and the way to sign.
import { html } from "../../vendor/ui.js";
import { dateInWords } from "../kernel/clock.js";
import { Seal } from "../marks/signs.js";
import { Frame } from "./meeting.js";
import { MinutesLine, minutesThumb } from "./minutes.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Closed({ hall, panels }) {
  const items = panels.resolutions ? panels.resolutions.items : [];
  const now = hall.room.clock.now();
  return html`<${Frame} hall=${hall} panels=${panels} kind="closed" thumb=${minutesThumb(panels)}>
    <p class="kicker">已经散会</p>
    <h1>${items.length ? `今天定了${items.length}件事` : "今天没有形成决议"}</h1>
    <${MinutesLine} panels=${panels} />
    <ol class="decided">
      ${items.map(
        (/** @type {any} */ resolution) => html`<li key=${resolution.id}>
          <p><${Seal} outcome="passed" words=${hall.words} /> ${resolution.text}</p>
          ${resolution.tasks.map((/** @type {any} */ task) => html`<p class="quiet" key=${task.id}>${task.text}：${task.accountable} ${task.post}，<span class="whole">${dateInWords(task.due, now)}前</span></p>`)}
        </li>`,
      )}
    </ol>
  </${Frame}>`;
}
