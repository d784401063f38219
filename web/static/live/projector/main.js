// The wall (大屏): one view at a time, chosen from the panels alone, so that a reload shows the same again.
import { html } from "../../vendor/ui.js";
import { startScreen } from "../kernel/page.js";
import { Agenda } from "./agenda.js";
import { Consent } from "./consent.js";
import { Floor } from "./floor.js";
import { Recess, Strip } from "./meeting.js";
import { Motion } from "./motion.js";
import { Poll } from "./poll.js";
import { Gathering } from "./presence.js";
import { Closing } from "./resolutions.js";
import { Result, VoidPoll } from "./result.js";

/**
 * What the room needs to see now. A verdict stays until someone speaks or the next thing begins.
 * @param {any} panels
 */
export function viewOf(panels) {
  const { meeting, motion, poll, consent, floor, speaker_queue: queue, result } = panels;
  if (meeting.state === "called") return Gathering;
  if (meeting.state === "closed") return Closing;
  if (meeting.state === "suspended") return Recess;
  if (poll && (poll.state === "open" || poll.state === "closed")) return Poll;
  if (consent) return Consent;
  if (floor && floor.speaker) return Floor;
  if (queue && queue.open && queue.length) return Floor;
  if (result) return Result;
  if (poll && poll.state === "void") return VoidPoll;
  if (motion) return Motion;
  return queue && queue.open ? Floor : Agenda;
}

/** @param {{hall: import("../kernel/page.js").Hall}} props */
function Projector({ hall }) {
  const panels = hall.room.panels.value;
  const reason = hall.room.retired.value;
  if (reason !== null) {
    const said = hall.words.retired[reason] || hall.words.retired.unknown;
    return html`<main class="projector-body recess"><h1 class="call">${said.sentence}</h1><p class="lead">${said.advice}</p></main>`;
  }
  if (panels === null) return null;
  const View = viewOf(panels);
  return html`<${Strip} hall=${hall} panels=${panels} /><${View} hall=${hall} panels=${panels} />`;
}

startScreen(Projector);
