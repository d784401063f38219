import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { explain, fill, numeral } from "../../web/static/live/kernel/words.js";

const words = JSON.parse(await readFile(new URL("../../web/words.json", import.meta.url), "utf8"));

test("a refusal says what is the case and what to do", () => {
  const said = explain(words, { code: "MEETING_NOT_OPEN", facts: {} }, "ballot.cast");
  assert.match(said.sentence, /^现在不能投票：/);
  assert.ok(said.advice.length > 0);
});

test("every refusal reads well with and without its command", () => {
  for (const code of Object.keys(words.refusals)) {
    for (const command of [undefined, ...Object.keys(words.commands)]) {
      const { sentence, advice } = explain(words, { code, facts: {} }, command);
      assert.ok(sentence.length > 3, code);
      assert.doesNotMatch(sentence + advice, /[{}]|undefined|null|^：/, `${code} ${command}`);
    }
  }
});

test("an unknown code still says the server's sentence", () => {
  assert.equal(explain(words, { code: "NEW_CODE", sentence: "原因" }).sentence, "原因");
});

test("placeholders are filled, missing ones vanish", () => {
  assert.equal(fill("差{needed}人{what}", { needed: 3 }), "差3人");
});

test("numbers of agenda items", () => {
  assert.deepEqual([1, 10, 11, 20, 21].map(numeral), ["一", "十", "十一", "二十", "二十一"]);
});
