// The console (主持台): left the agenda and who is here, middle the one next thing, right the queue and the outcome.
import { html } from "../../vendor/ui.js";
import { startScreen } from "../kernel/page.js";
import { LinkNotice, RefusalNotice, Retired } from "../marks/refusal.js";
import { isAsking, openForm, putFormsAway } from "./act.js";
import { Agenda } from "./agenda.js";
import { Amendments } from "./amendments.js";
import { Beside } from "./beside.js";
import { Consent } from "./consent.js";
import { Floor } from "./floor.js";
import { Guide } from "./guide.js";
import { Ideas } from "./ideas.js";
import { ConsoleBar } from "./meeting.js";
import { Elsewhere } from "./minutes.js";
import { Motion, mayWrite } from "./motion.js";
import { Poll } from "./poll.js";
import { Presence } from "./presence.js";
import { Procedure } from "./procedure.js";
import { Resolutions } from "./resolutions.js";
import { Result } from "./result.js";
import { Roster } from "./roster.js";
import { SpeakerQueue } from "./speaker_queue.js";

const LEFT = [Agenda, Presence, Roster];
const MIDDLE = [Guide, Floor, Consent, Poll, Result, Procedure, Amendments, Motion];
// while the chair writes a motion, the form is the one next thing
const WRITING = [Motion, Floor, Consent, Poll, Result];
const RIGHT = [SpeakerQueue, Beside, Ideas, Resolutions, Elsewhere];

/** @param {{hall: import("../kernel/page.js").Hall}} props */
function Console({ hall }) {
  const panels = hall.room.panels.value;
  if (hall.room.retired.value !== null) return html`<${Retired} hall=${hall} />`;
  if (panels === null) return null;
  putFormsAway(panels);
  const isWriting = openForm.value !== null && openForm.value.name === "form.motion" && !isAsking(panels);
  /** @param {((props: any) => any)[]} parts */
  const draw = (parts) =>
    parts.map((Part) => html`<${Part} key=${Part.name} hall=${hall} panels=${panels} />`);
  return html`<${ConsoleBar} hall=${hall} panels=${panels} />
    <main class="console-grid">
      <section>${draw(LEFT)}</section>
      <section><${LinkNotice} hall=${hall} /><${RefusalNotice} hall=${hall} />${draw(isWriting && mayWrite(panels) ? WRITING : MIDDLE)}</section>
      <section>${draw(RIGHT)}</section>
    </main>`;
}

startScreen(Console);
