// The yardstick: the same protocol relayed by Socket.IO on Node, with a durable store and group commit.
// It knows no rules: every command is stored, acknowledged after its commit and shown to everybody.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { DatabaseSync } from "@photostructure/sqlite";
import { Server } from "socket.io";

const { values: options } = parseArgs({
  options: {
    port: { type: "string" },
    database: { type: "string" },
    "event-bytes": { type: "string", default: "400" },
    "poll-bytes": { type: "string", default: "700" },
    "hello-bytes": { type: "string", default: "3000" },
  },
});

const COALESCE_MS = 100;

const database = new DatabaseSync(options.database);
database.exec("PRAGMA journal_mode = WAL");
database.exec("PRAGMA synchronous = FULL");
database.exec(`
  CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, command TEXT UNIQUE, name TEXT NOT NULL, data TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS ballot (poll TEXT, seat TEXT, choice TEXT NOT NULL, nonce TEXT NOT NULL, PRIMARY KEY (poll, seat));
`);
const insertLog = database.prepare("INSERT INTO log (command, name, data) VALUES (?, ?, ?)");
const insertBallot = database.prepare("INSERT INTO ballot (poll, seat, choice, nonce) VALUES (?, ?, ?, ?)");

const http = createServer((_, response) => response.writeHead(404).end());
const io = new Server(http, { transports: ["websocket"], serveClient: false, maxHttpBufferSize: 16384 });
const hall = io.of("/live");

let revision = 0;

// Every meeting is a room of its own.
const rooms = new Map();

function roomOf(meeting) {
  if (!rooms.has(meeting)) {
    rooms.set(meeting, { meeting, polls: 0, poll: null, motion: null, shownAt: 0, timer: null });
  }
  return rooms.get(meeting);
}

function panels(room, bytes) {
  const shown = { poll: room.poll, motion: room.motion };
  const missing = bytes - JSON.stringify(shown).length - 90; // what the envelope around the panels takes
  return missing > 0 ? { ...shown, fill: "x".repeat(missing) } : shown;
}

// One transaction carries everything that waited; nobody hears "ok" before it is on disk.
let waiting = [];

function commit() {
  const batch = waiting;
  waiting = [];
  database.exec("BEGIN IMMEDIATE");
  for (const { seat, room, command } of batch) {
    store(seat, room, command);
  }
  database.exec("COMMIT");
  revision += 1;
  for (const { answer } of batch) {
    answer({ ok: true, version: revision });
  }
  for (const room of new Set(batch.map((entry) => entry.room))) {
    show(room);
  }
}

function store(seat, room, { id, name, data }) {
  if (name === "ballot.cast") {
    insertBallot.run(data.poll, seat, data.choice, data.nonce);
    room.poll.cast += 1;
    return;
  }
  insertLog.run(id, name, JSON.stringify(data));
  if (name === "poll.open") {
    room.polls += 1;
    room.poll = { id: `${room.meeting}-${room.polls}`, state: "open", text: data.text, cast: 0 };
  } else if (name === "poll.close" && room.poll) {
    room.poll = { ...room.poll, state: "closed" };
  } else if (name === "motion.word") {
    room.motion = data.text;
  }
}

// The first change after a quiet time goes out at once, later ones together.
function show(room) {
  const quiet = performance.now() - room.shownAt;
  if (quiet >= COALESCE_MS) {
    broadcast(room);
  } else if (!room.timer) {
    room.timer = setTimeout(() => broadcast(room), COALESCE_MS - quiet);
  }
}

function broadcast(room) {
  clearTimeout(room.timer);
  room.timer = null;
  room.shownAt = performance.now();
  hall.to(room.meeting).emit("changes", {
    since: revision - 1,
    version: revision,
    now: Date.now(),
    panels: panels(room, Number(room.poll?.state === "open" ? options["poll-bytes"] : options["event-bytes"])),
  });
}

hall.on("connection", (socket) => {
  let room = null;
  socket.on("hello", (asked, answer) => {
    room = roomOf(asked.meeting);
    socket.join(asked.meeting);
    const shown = panels(room, Number(options["hello-bytes"]));
    answer({ ok: true, version: revision, now: Date.now(), panels: shown });
  });
  socket.on("command", (command, answer) => {
    if (waiting.push({ seat: socket.id, room, command, answer }) === 1) {
      setImmediate(commit);
    }
  });
});

http.listen({ port: Number(options.port), host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"));
process.on("SIGTERM", () => process.exit(0));
