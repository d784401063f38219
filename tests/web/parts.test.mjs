import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isPlain, join, split, TO_FILL } from "../../web/static/minutes/parts.js";

const TEXT = `2026年4月8日，五方议事会召开会议。

## 一、健身器材放在哪里

### （一）协商情况

3人次发言。

赞成的代表认为：（请记录人补写意见要点）

### （二）表决和议定情况

〔表决结果 1〕

## 二、下一步安排

由各责任方按期办理。`;

test("a text falls into its headings and what stands under them", () => {
  const parts = split(TEXT);
  assert.deepEqual(
    parts.map(({ level, title }) => [level, title]),
    [[0, ""], [2, "一、健身器材放在哪里"], [3, "（一）协商情况"], [3, "（二）表决和议定情况"], [2, "二、下一步安排"]],
  );
  assert.equal(parts[1].body, "");
  assert.ok(parts[2].body.includes(TO_FILL));
  assert.equal(parts[3].body, "〔表决结果 1〕");
});

test("the parts give the same text back", () => {
  assert.equal(join(split(TEXT)), TEXT);
  assert.equal(join(split(`${TEXT.replace(/\n/g, "\r\n")}\r\n`)), TEXT);
  assert.ok(isPlain(TEXT));
  const parts = split(TEXT);
  parts[2].body = "  大家说到了停车。\n";
  assert.ok(join(parts).includes("### （一）协商情况\n\n大家说到了停车。\n\n### （二）"));
});

test("a text whose shape would be lost is left whole", () => {
  assert.ok(!isPlain("开头\n\n\n\n## 一、标题\n正文紧跟标题"));
  assert.ok(isPlain(""));
  assert.ok(isPlain("一句话"));
});

test("the draft and the fields speak of the same places", () => {
  const draft = readFileSync(new URL("../../server/domain/minutes/draft.py", import.meta.url), "utf8");
  assert.ok(draft.includes(`TO_FILL = "${TO_FILL}"`));
});
