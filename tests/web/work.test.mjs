// The arithmetic a browser does for a form: the digest is the standard's, and what is found is what the server wants.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { sha256 } from "../../web/static/public/sha256.js";
import { seek } from "../../web/static/public/work.js";

const hex = (words) => Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

test("the digest is SHA-256 at every length around a block's end", () => {
  for (let length = 0; length < 200; length += 1) {
    const text = "stamp:0123456789".repeat(20).slice(0, length);
    assert.equal(hex(sha256(text)), createHash("sha256").update(text).digest("hex"), String(length));
  }
});

test("what is found begins with the wanted zero bits, and nothing before it does", () => {
  const found = seek("1775610000000.salt.signature", 10, 0, 100_000);
  assert.notEqual(found, null);
  const first = (number) => sha256(`1775610000000.salt.signature:${number}`)[0] >>> 22;
  assert.equal(first(found), 0);
  for (let number = 0; number < found; number += 1) assert.notEqual(first(number), 0);
  assert.equal(seek("x", 31, 0, 50), null);
});
