import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

const listeners = new Map();
const listen = (name, heard) => listeners.set(name, heard);
globalThis.document = { addEventListener: listen, visibilityState: "visible", cookie: "csrf=fresh" };
globalThis.window = { addEventListener: listen };
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
const { fakeHall } = await import("./fake_socket.mjs");
const { enterRoom } = await import("../../web/static/live/kernel/room.js");

mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
const flush = () => new Promise((done) => setImmediate(done));

const first = (version = 5) => ({ ok: true, version, now: 1000, panels: { floor: null, me: { seat: 1 } } });

function enter(server, firstView = null) {
  return enterRoom({ meeting: "m", screen: "phone", person: "zhao", csrf: "page", firstView, open: server.open, shelf: null });
}

let server;
const reply = (nth, body) => server.answer(server.asked()[nth].id, body);
beforeEach(() => {
  server = fakeHall();
});

test("hello comes first and its answer is the screen", () => {
  const room = enter(server);
  server.connect();
  assert.equal(server.asked()[0].name, "hello");
  assert.deepEqual(server.asked()[0].body, { protocol: 1, meeting: "m", screen: "phone" });
  reply(0, first());
  assert.equal(room.link.value, "online");
  assert.deepEqual(room.panels.value, first().panels);
});

test("a gap is healed by another hello with my version", () => {
  const room = enter(server);
  server.connect();
  reply(0, first());
  server.say("changes", { since: 8, version: 9, now: 2000, panels: { floor: "x" } });
  assert.equal(server.asked()[1].name, "hello");
  assert.equal(server.asked()[1].body.version, 5);
  assert.equal(room.panels.value.floor, null);
});

test("no command leaves before hello is answered, and a lost one leaves again with its id", () => {
  const room = enter(server);
  room.send("floor.request", { stance: "talk" });
  server.connect();
  assert.deepEqual(server.asked().map((one) => one.name), ["hello"]);
  reply(0, first());
  assert.equal(server.asked()[1].name, "command");
  const { id } = server.asked()[1].body;
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  server.drop();
  mock.timers.tick(700);
  server.connect();
  reply(0, first(6));
  mock.timers.tick(2500);
  assert.equal(server.asked()[1].body.id, id);
  reply(1, { ok: true, version: 6 });
  assert.deepEqual(room.waiting.value, []);
});

test("a command without an answer puts the line to the test, and a dead line is dialled anew", () => {
  const room = enter(server);
  server.connect();
  reply(0, first());
  room.send("floor.request", { stance: "talk" });
  mock.timers.tick(4000);
  assert.equal(room.link.value, "retrying");
  assert.equal(server.asked()[2].name, "hello");
  mock.timers.tick(5000);
  assert.equal(server.calls.length, 2);
  server.connect();
  reply(0, first(6));
  assert.equal(server.asked()[1].body.name, "floor.request");
  reply(1, { ok: true, version: 6 });
  assert.equal(room.link.value, "online");
  assert.deepEqual(room.waiting.value, []);
});

test("after a break the server's word counts, even with a lower version", () => {
  const room = enter(server, first(9));
  server.connect();
  reply(0, { ok: true, version: 2, now: 1, panels: { floor: "restored" } });
  assert.equal(room.panels.value.floor, "restored");
});

test("an ended session stops the page with a reason", () => {
  const room = enter(server);
  server.connect();
  reply(0, { ok: false, refusal: { code: "NOT_SIGNED_IN", facts: {} } });
  assert.equal(room.retired.value, "signed_out");
});

test("retired is final", () => {
  const room = enter(server);
  server.connect();
  reply(0, first());
  server.say("retired", { reason: "replaced" });
  assert.equal(room.retired.value, "replaced");
});

test("without a WebSocket the room goes on over HTTP, commands with the CSRF token", async () => {
  const calls = [];
  globalThis.fetch = async (address, init) => {
    calls.push([address, init]);
    const body = address.includes("/state") ? first(7) : { ok: true, version: 7 };
    return { ok: true, status: 200, json: async () => body };
  };
  const room = enter(server);
  room.send("presence.check_in", {});
  mock.timers.tick(4000);
  await flush();
  mock.timers.tick(3600);
  await flush();
  await flush();
  assert.equal(room.link.value, "polling");
  assert.deepEqual(room.panels.value, first().panels);
  const post = calls.find(([, init]) => init.method === "POST");
  assert.equal(post[0], "/meetings/m/command");
  assert.equal(post[1].headers["X-CSRF-Token"], "fresh");
  assert.equal(JSON.parse(post[1].body).name, "presence.check_in");
});
