// Panel `resolutions` on the wall after the meeting: what was decided, who does it, by when.
import { html } from "../../vendor/ui.js";
import { dateInWords } from "../kernel/clock.js";
import { numeral } from "../kernel/words.js";
import { findParty, Party } from "../marks/party.js";
import { Prose } from "../marks/prose.js";
import { Seal } from "../marks/signs.js";
import { SignHere } from "./minutes.js";

const SHOWN_RESOLUTIONS = 3;
const SHOWN_TASKS = 4;
// heights in rem of the wall (54 high): what is left below strip and headings, a line of text, the space round an entry
const LEFT = 37;
const LINE = 3.25;
const ROUND = 1.7;
const TASK = 4.7;
const CHARACTERS = 21;
// a third larger letters take this much more height, lines and their number together
const LARGER = 1.7;

/**
 * Whether whole texts fit beside their tasks; otherwise each text is cut after two lines.
 * @param {any[]} resolutions
 * @param {number} tasks
 * @returns {"ample" | "roomy" | "tight"}
 */
export function spaceOf(resolutions, tasks) {
  const lines = resolutions.map((resolution) => Math.ceil(resolution.text.length / CHARACTERS));
  const height =
    lines.reduce((sum, count) => sum + count * LINE + ROUND, 0) + Math.min(tasks, SHOWN_TASKS) * TASK;
  if (resolutions.length > SHOWN_RESOLUTIONS || height > LEFT) return "tight";
  return height * LARGER <= LEFT ? "ample" : "roomy";
}

/** @param {{hall: import("../kernel/page.js").Hall, panels: any, tasks: any[]}} props */
function Tasks({ hall, panels, tasks }) {
  const now = hall.room.clock.now();
  if (!tasks.length) return null;
  return html`<section class="tasks">
    <h2>谁来办，什么时候办完${tasks.length > SHOWN_TASKS ? `（共${tasks.length}件，全部见纪要）` : ""}</h2>
    <table>
      <tbody>
        ${tasks.slice(0, SHOWN_TASKS).map(
          (task) => html`<tr key=${task.id}>
            <td>${task.text}</td>
            <td><${Party} party=${findParty(panels, task.accountable)} wide /> ${task.post}</td>
            <td class="due">${dateInWords(task.due, now)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Closing({ hall, panels }) {
  const items = panels.resolutions ? panels.resolutions.items : [];
  const tasks = items.flatMap((/** @type {any} */ resolution) => resolution.tasks);
  const space = items.length ? spaceOf(items, tasks.length) : "ample";
  return html`<main class="projector-body closing" data-space=${space}>
    <div>
      <section class="resolutions">
        <h1 class=${items.length ? undefined : "call"}>${items.length ? `今天定了${items.length === 2 ? "两" : numeral(items.length)}件事${items.length > SHOWN_RESOLUTIONS ? `，这里是前${numeral(SHOWN_RESOLUTIONS)}件` : ""}` : "今天没有形成决议"}</h1>
        <ol data-space=${space} data-count=${items.length > 2 ? "many" : items.length > 1 ? "few" : "one"}>
          ${items
            .slice(0, SHOWN_RESOLUTIONS)
            .map(
              (/** @type {any} */ resolution) =>
                html`<li key=${resolution.id}><${Seal} outcome="passed" words=${hall.words} /><span class="text"><${Prose} text=${resolution.text} /></span></li>`,
            )}
        </ol>
        ${items.length ? null : html`<p class="empty">各位的意见都记在纪要里，居民可以在公开页上看到。</p>`}
      </section>
      <${Tasks} hall=${hall} panels=${panels} tasks=${tasks} />
    </div>
    <${SignHere} hall=${hall} panels=${panels} />
  </main>`;
}
