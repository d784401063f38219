// The desk (签到台): the secretary's page for people without phones, drawn from the console's panels.
import { html } from "../../vendor/ui.js";
import { startScreen } from "../kernel/page.js";
import { Retired } from "../marks/refusal.js";
import { DeskBar, Now } from "./meeting.js";
import { Roster, Search } from "./roster.js";
import { Sheet } from "./sheet.js";

/** @param {{hall: import("../kernel/page.js").Hall}} props */
function Desk({ hall }) {
  const panels = hall.room.panels.value;
  if (hall.room.retired.value !== null) return html`<${Retired} hall=${hall} />`;
  if (panels === null) return null;
  return html`<${DeskBar} hall=${hall} panels=${panels} />
    <main class="desk-grid">
      <section class="lists">
                <${Now} panels=${panels} /><${Search} roster=${panels.roster} />
        <div class="parties"><${Roster} hall=${hall} panels=${panels} /></div>
      </section>
      <${Sheet} hall=${hall} panels=${panels} />
    </main>`;
}

startScreen(Desk);
