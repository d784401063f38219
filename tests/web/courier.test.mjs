import assert from "node:assert/strict";
import { test } from "node:test";
import { openCourier } from "../../web/static/live/kernel/courier.js";
import { openOutbox } from "../../web/static/live/kernel/outbox.js";

function bench() {
  const sent = [];
  const delayed = [];
  const seen = { refused: [], changed: [], isReady: true, sent, delayed };
  const outbox = openOutbox(null, "o");
  const courier = openCourier({
    outbox,
    version: 3,
    transmit: (wish, done) => sent.push({ wish, done }),
    isReady: () => seen.isReady,
    changed: (wishes) => {
      seen.changed = wishes;
    },
    refused: (wish, refusal) => seen.refused.push([wish.id, refusal.code]),
    poll: () => {},
    later: (work, delay) => delayed.push({ work, delay }),
  });
  return Object.assign(seen, { courier, outbox });
}

const wish = (id) => ({ id, name: "ballot.cast", data: {}, at: Date.now() });

test("one wish at a time, in order", () => {
  const { courier, sent } = bench();
  courier.accept(wish("a"));
  courier.accept(wish("b"));
  assert.deepEqual(sent.map((one) => one.wish.id), ["a"]);
  sent[0].done(false, { ok: true, version: 3 });
  assert.deepEqual(sent.map((one) => one.wish.id), ["a", "b"]);
});

test("no answer: the same id goes out again", () => {
  const { courier, sent, delayed, outbox } = bench();
  courier.accept(wish("a"));
  sent[0].done(true, null);
  assert.equal(outbox.waiting().length, 1);
  delayed[0].work();
  assert.deepEqual(sent.map((one) => one.wish.id), ["a", "a"]);
});

test("too often is not an answer, it is a wait", () => {
  const { courier, sent, delayed, refused } = bench();
  courier.accept(wish("a"));
  sent[0].done(false, { ok: false, refusal: { code: "TOO_OFTEN", facts: {} } });
  assert.deepEqual(refused, []);
  delayed[0].work();
  assert.equal(sent.length, 2);
});

test("a server that could not is asked again, under the same id", () => {
  const { courier, sent, delayed, refused, outbox } = bench();
  courier.accept(wish("a"));
  sent[0].done(false, { ok: false, refusal: { code: "UNAVAILABLE", facts: {} } });
  assert.deepEqual(refused, []);
  delayed[0].work();
  assert.equal(sent[1].wish.id, "a");
  sent[1].done(false, { ok: false, refusal: { code: "DISK_FULL", facts: {} } });
  assert.deepEqual(refused, [["a", "DISK_FULL"]]);
  assert.deepEqual(outbox.waiting().map((one) => one.id), ["a"]);
  delayed[1].work();
  sent[2].done(false, { ok: true, version: 4 });
  assert.deepEqual(outbox.waiting(), []);
});

test("a refusal is told once and the wish is gone", () => {
  const { courier, sent, refused, outbox } = bench();
  let answer = null;
  courier.accept(wish("a"), (one) => {
    answer = one;
  });
  sent[0].done(false, { ok: false, refusal: { code: "ALREADY_VOTED", facts: {} } });
  assert.deepEqual(refused, [["a", "ALREADY_VOTED"]]);
  assert.equal(answer.ok, false);
  assert.deepEqual(outbox.waiting(), []);
});

test("an accepted wish still counts as waiting until the screen shows its effect", () => {
  const bed = bench();
  bed.courier.accept(wish("a"));
  bed.sent[0].done(false, { ok: true, version: 4 });
  assert.deepEqual(bed.changed.map((one) => one.id), ["a"]);
  bed.courier.seen(4);
  assert.deepEqual(bed.changed, []);
});

test("nothing leaves while there is no way to the server", () => {
  const bed = bench();
  bed.isReady = false;
  bed.courier.accept(wish("a"));
  assert.deepEqual(bed.sent, []);
  assert.deepEqual(bed.changed.map((one) => one.id), ["a"]);
  bed.isReady = true;
  bed.courier.carry();
  assert.equal(bed.sent.length, 1);
});
