import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges, applyMine, applySnapshot } from "../../web/static/live/kernel/apply.js";

const mine = { version: 5, panels: { floor: "a", poll: "b" } };

test("changes replace whole panels and move the version", () => {
  const { state, outcome } = applyChanges(mine, { since: 5, version: 7, now: 0, panels: { poll: null } });
  assert.equal(outcome, "applied");
  assert.deepEqual(state, { version: 7, panels: { floor: "a", poll: null } });
});

test("an overlapping message is safe", () => {
  const { state, outcome } = applyChanges(mine, { since: 3, version: 6, now: 0, panels: { floor: "c" } });
  assert.equal(outcome, "applied");
  assert.equal(state.version, 6);
});

test("what I already have is dropped", () => {
  const { state, outcome } = applyChanges(mine, { since: 4, version: 5, now: 0, panels: { floor: "old" } });
  assert.equal(outcome, "dropped");
  assert.equal(state, mine);
});

test("a gap changes nothing and is told", () => {
  const { state, outcome } = applyChanges(mine, { since: 6, version: 8, now: 0, panels: { floor: "d" } });
  assert.equal(outcome, "gap");
  assert.equal(state, mine);
});

test("changes before any screen are a gap", () => {
  assert.equal(applyChanges(null, { since: 0, version: 1, now: 0, panels: {} }).outcome, "gap");
});

test("mine never moves the version", () => {
  const { state } = applyMine(mine, { panels: { me: { seat: 3 } } });
  assert.equal(state.version, 5);
  assert.deepEqual(state.panels.me, { seat: 3 });
  assert.equal(state.panels.floor, "a");
});

test("a late snapshot is dropped, a first one is always taken", () => {
  const old = { version: 4, panels: { floor: "old" } };
  assert.equal(applySnapshot(mine, old).outcome, "dropped");
  assert.equal(applySnapshot(null, old).state.panels.floor, "old");
});

test("applying never alters what was there before", () => {
  const before = JSON.stringify(mine);
  applyChanges(mine, { since: 5, version: 9, now: 0, panels: { floor: "z" } });
  applyMine(mine, { panels: { me: 1 } });
  assert.equal(JSON.stringify(mine), before);
});
