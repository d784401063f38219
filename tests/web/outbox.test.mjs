import assert from "node:assert/strict";
import { test } from "node:test";
import { openOutbox } from "../../web/static/live/kernel/outbox.js";

function shelf() {
  const kept = new Map();
  return {
    getItem: (key) => (kept.has(key) ? kept.get(key) : null),
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    size: () => kept.size,
  };
}

const wish = (id, name = "floor.request", at = 1000) => ({ id, name, data: { stance: "talk" }, at });

test("wishes wait in the order of the taps and survive a reload with their ids", () => {
  const device = shelf();
  const before = openOutbox(device, "o", () => 1000);
  before.add(wish("a"));
  before.add(wish("b"));
  const after = openOutbox(device, "o", () => 2000);
  assert.deepEqual(
    after.waiting().map((one) => one.id),
    ["a", "b"],
  );
});

test("an answered wish is gone from the device too", () => {
  const device = shelf();
  const outbox = openOutbox(device, "o", () => 1000);
  outbox.add(wish("a"));
  assert.equal(outbox.settle("a").id, "a");
  assert.equal(outbox.settle("a"), null);
  assert.deepEqual(outbox.waiting(), []);
  assert.equal(device.size(), 0);
});

test("a hand does not go up by itself after a long sleep, a ballot still counts", () => {
  let now = 1000;
  const outbox = openOutbox(shelf(), "o", () => now);
  outbox.add(wish("hand"));
  outbox.add(wish("ballot", "ballot.cast"));
  now += 11 * 60 * 1000;
  assert.deepEqual(
    outbox.waiting().map((one) => one.id),
    ["ballot"],
  );
});

test("one person's wishes are not another's", () => {
  const device = shelf();
  openOutbox(device, "outbox:m:zhao", () => 1000).add(wish("a"));
  assert.deepEqual(openOutbox(device, "outbox:m:qian", () => 1000).waiting(), []);
});

test("a spoilt or missing shelf costs nothing but memory", () => {
  const spoilt = { getItem: () => "{not json", setItem: () => { throw new Error("full"); }, removeItem: () => {} };
  const outbox = openOutbox(spoilt, "o", () => 1000);
  outbox.add(wish("a"));
  assert.equal(outbox.waiting().length, 1);
  const memory = openOutbox(null, "o", () => 1000);
  memory.add(wish("b"));
  assert.equal(memory.waiting().length, 1);
});
