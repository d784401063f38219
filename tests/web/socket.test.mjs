import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { openLine } from "../../web/static/live/kernel/socket.js";
import { fakeHall } from "./fake_socket.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

let hall;
let told;
let line;
beforeEach(() => {
  hall = fakeHall();
  told = [];
  line = openLine(
    {
      up: () => told.push("up"),
      down: () => told.push("down"),
      barred: (code) => told.push(code),
      message: (name, body) => told.push([name, body]),
    },
    hall.open,
  );
});

test("the line joins the namespace and is up only when the server agrees", () => {
  hall.hear('0{"sid":"a","pingInterval":25000,"pingTimeout":20000}');
  assert.deepEqual(hall.last().sent, ["40/live,"]);
  assert.equal(line.isUp(), false);
  hall.hear('40/live,{"sid":"b"}');
  assert.equal(line.isUp(), true);
  assert.deepEqual(told, ["up"]);
});

test("a ping is answered, messages are handed on", () => {
  hall.connect();
  hall.hear("2");
  assert.equal(hall.last().sent.at(-1), "3");
  hall.say("changes", { since: 1 });
  assert.deepEqual(told.at(-1), ["changes", { since: 1 }]);
});

test("each question gets its own answer, in whatever order", () => {
  hall.connect();
  const heard = [];
  line.ask("hello", { a: 1 }, 5, (failed, answer) => heard.push([failed, answer]));
  line.ask("command", { b: 2 }, 5, (failed, answer) => heard.push([failed, answer]));
  const [one, two] = hall.asked();
  hall.answer(two.id, { ok: 2 });
  hall.answer(one.id, { ok: 1 });
  hall.answer(one.id, { ok: "twice" });
  assert.deepEqual(heard, [
    [false, { ok: 2 }],
    [false, { ok: 1 }],
  ]);
});

test("a question without an answer fails after its time", () => {
  hall.connect();
  const heard = [];
  line.ask("command", {}, 4, (failed) => heard.push(failed));
  mock.timers.tick(4000);
  assert.deepEqual(heard, [true]);
});

test("a lost connection fails what was asked and dials again by itself", () => {
  hall.connect();
  const heard = [];
  line.ask("command", {}, 4, (failed) => heard.push(failed));
  hall.drop();
  assert.deepEqual(heard, [true]);
  assert.ok(told.includes("down"));
  mock.timers.tick(600);
  assert.equal(hall.calls.length, 2);
  hall.connect();
  assert.equal(told.at(-1), "up");
});

test("silence longer than the server's rhythm ends the call", () => {
  hall.connect();
  mock.timers.tick(44_000);
  assert.equal(line.isUp(), true);
  mock.timers.tick(1100);
  assert.equal(line.isUp(), false);
  assert.equal(hall.calls[0].closed, true);
});

test("a refusal at the door is told and not tried again by itself", () => {
  hall.hear('0{"sid":"a","pingInterval":25000,"pingTimeout":20000}');
  hall.hear('44/live,{"message":"NOT_SIGNED_IN"}');
  assert.deepEqual(told, ["NOT_SIGNED_IN"]);
  mock.timers.tick(60_000);
  assert.equal(hall.calls.length, 1);
});

test("hung up is for good", () => {
  hall.connect();
  line.hangUp();
  mock.timers.tick(60_000);
  line.wake();
  assert.equal(hall.calls.length, 1);
  assert.equal(hall.last().closed, true);
});

test("tries are spread and never further apart than six seconds", () => {
  for (let i = 0; i < 12; i += 1) {
    hall.drop();
    mock.timers.tick(6000);
  }
  assert.equal(hall.calls.length, 13);
});
