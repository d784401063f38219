// Which view the wall shows: one at a time, from the panels alone.
import { Agenda } from "./agenda.js";
import { Consent } from "./consent.js";
import { Floor } from "./floor.js";
import { Ideas, showsIdeas } from "./ideas.js";
import { Recess } from "./meeting.js";
import { Motion } from "./motion.js";
import { Poll } from "./poll.js";
import { Gathering } from "./presence.js";
import { Procedure } from "./procedure.js";
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
  if (panels.procedure) return Procedure;
  if (floor && floor.speaker) return Floor;
  if (queue && queue.open && queue.length) return Floor;
  if (showsIdeas(panels)) return Ideas;
  if (result) return Result;
  if (poll && poll.state === "void") return VoidPoll;
  if (motion) return Motion;
  return queue && queue.open ? Floor : Agenda;
}
