// Panel `resolutions` on the wall after the meeting: what was decided, who does it, by when.
import { html } from "../../vendor/ui.js";
import { dateInWords } from "../kernel/clock.js";
import { numeral } from "../kernel/words.js";
import { findParty, Party } from "../marks/party.js";
import { Prose } from "../marks/prose.js";
import { Seal } from "../marks/signs.js";
import { SignHere } from "./minutes.js";

const SHOWN_RESOLUTIONS = 3;
const SHOWN_TASKS = 5;

/** @param {{hall: import("../kernel/page.js").Hall, panels: any, tasks: any[]}} props */
function Tasks({ hall, panels, tasks }) {
  const now = hall.room.clock.now();
  if (!tasks.length) return null;
  return html`<section class="tasks">
    <h2>谁来办，什么时候办完</h2>
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
    ${tasks.length > SHOWN_TASKS ? html`<p class="rest">另有${tasks.length - SHOWN_TASKS}件，见纪要</p>` : null}
  </section>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Closing({ hall, panels }) {
  const items = panels.resolutions ? panels.resolutions.items : [];
  const tasks = items.flatMap((/** @type {any} */ resolution) => resolution.tasks);
  return html`<main class="projector-body closing">
    <div>
      <section class="resolutions">
        <h1>${items.length ? `今天定了${items.length === 2 ? "两" : numeral(items.length)}件事` : "今天没有形成决议"}</h1>
        <ol data-count=${items.length > 2 ? "many" : "few"}>
          ${items
            .slice(0, SHOWN_RESOLUTIONS)
            .map(
              (/** @type {any} */ resolution) =>
                html`<li key=${resolution.id}><${Seal} outcome="passed" words=${hall.words} /><span class="text"><${Prose} text=${resolution.text} /></span></li>`,
            )}
        </ol>
        ${items.length > SHOWN_RESOLUTIONS ? html`<p class="rest">另有${items.length - SHOWN_RESOLUTIONS}件，见纪要</p>` : null}
        ${items.length ? null : html`<p class="empty">各位的意见都记在纪要里，居民可以在公开页上看到。</p>`}
      </section>
      <${Tasks} hall=${hall} panels=${panels} tasks=${tasks} />
    </div>
    <${SignHere} hall=${hall} panels=${panels} />
  </main>`;
}
