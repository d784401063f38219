import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { documentElement: { dataset: {} } };
const wall = await import("../../web/static/live/projector/view.js");
const phone = await import("../../web/static/live/phone/view.js");

/** Panels of an open meeting in which nothing happens; a test names what does. */
function panels(change = {}) {
  const quiet = {
    meeting: { state: "open" },
    agenda: { items: [] },
    consent: null,
    motion: null,
    speaker_queue: { open: false, length: 0, order: [], waiting: [] },
    floor: { speaker: null },
    poll: null,
    result: null,
    me: { seat: 3, present: true, ballot: null },
  };
  return Object.assign(quiet, change);
}

const seen = (screen, change) => screen.viewOf(panels(change)).name;
const queue = (order, open = true) => ({ open, length: order.length, order, waiting: [] });
const poll = (state) => ({ id: "q", state, recused: [], paper: [] });
const result = { poll: "q", item: "i" };

test("the wall follows the meeting's state", () => {
  assert.equal(seen(wall, { meeting: { state: "called" } }), "Gathering");
  assert.equal(seen(wall, { meeting: { state: "suspended" }, poll: poll("open") }), "Recess");
  assert.equal(seen(wall, { meeting: { state: "closed" } }), "Closing");
  assert.equal(seen(wall), "Agenda");
});

test("a question to the room covers the wall until it is answered", () => {
  assert.equal(seen(wall, { poll: poll("open"), floor: { speaker: {} } }), "Poll");
  assert.equal(seen(wall, { poll: poll("closed") }), "Poll");
  assert.equal(seen(wall, { consent: { item: "i", text: "t" } }), "Consent");
});

test("a verdict stays on the wall until someone speaks or waits", () => {
  assert.equal(seen(wall, { poll: poll("published"), result }), "Result");
  assert.equal(seen(wall, { poll: poll("published"), result, speaker_queue: queue([]) }), "Result");
  assert.equal(seen(wall, { poll: poll("published"), result, speaker_queue: queue([4]) }), "Floor");
  assert.equal(seen(wall, { poll: poll("void") }), "VoidPoll");
});

test("the phone asks for the check-in before anything else", () => {
  const me = { seat: 3, present: false, ballot: null };
  assert.equal(seen(phone, { me, poll: poll("open") }), "CheckIn");
  assert.equal(seen(phone, { me, meeting: { state: "closed" } }), "Closed");
});

test("my turn comes before the room's, my ballot before the agenda", () => {
  assert.equal(seen(phone, { floor: { speaker: { seat: 3 } }, poll: poll("open") }), "MyFloor");
  assert.equal(seen(phone, { poll: poll("open") }), "Ballot");
  assert.equal(seen(phone, { poll: poll("open"), me: { seat: 3, present: true, ballot: { poll: "q" } } }), "Receipt");
  assert.equal(seen(phone, { poll: poll("open"), me: { seat: 3, present: true, ballot: { poll: "older" } } }), "Ballot");
});

test("my place in the queue follows from the shared order", () => {
  assert.equal(seen(phone, { speaker_queue: queue([3, 9]) }), "Next");
  assert.equal(seen(phone, { speaker_queue: queue([9, 3]) }), "Room");
});

test("an observer is never asked for anything", () => {
  assert.equal(seen(phone, { me: null, poll: poll("open") }), "Room");
  assert.equal(seen(phone, { me: null, speaker_queue: queue([3]) }), "Room");
});
