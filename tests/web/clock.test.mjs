import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clockFace,
  createClock,
  dateInWords,
  dayOf,
  secondsInWords,
  secondsLeft,
  timeOfDay,
} from "../../web/static/live/kernel/clock.js";

test("an answer is centred on its round trip", () => {
  let device = 1000;
  const clock = createClock(() => device);
  device = 1200; // the question left at 1000, the answer arrived at 1200
  clock.learn(50_100, 1000);
  assert.equal(clock.now(), 50_200);
});

test("of two pushes the faster one is believed", () => {
  let device = 0;
  const clock = createClock(() => device);
  device = 300;
  clock.learn(10_000); // 300 ms late
  device = 1020;
  clock.learn(11_000); // 20 ms late
  assert.equal(clock.now(), 11_000);
  device = 2500;
  clock.learn(12_000); // 500 ms late: no step back
  assert.equal(clock.now(), 12_480);
});

test("seconds round up until the end and count on below it", () => {
  assert.equal(secondsLeft(10_000, 8_999), 2);
  assert.equal(secondsLeft(10_000, 10_000), 0);
  assert.ok(Object.is(secondsLeft(10_000, 10_400), 0));
  assert.equal(secondsLeft(10_000, 11_000), -1);
  assert.equal(clockFace(107), "1:47");
  assert.equal(clockFace(-12), "−0:12");
  assert.equal(secondsInWords(107), "1分47秒");
  assert.equal(secondsInWords(180), "3分钟");
  assert.equal(secondsInWords(0), "0秒");
});

test("the hall's time is China's, whatever zone the device believes in", () => {
  const instant = Date.UTC(2026, 2, 20, 16, 5, 9);
  assert.equal(timeOfDay(instant), "0:05");
  assert.equal(timeOfDay(instant, true), "0:05:09");
  assert.equal(dayOf(instant), "3月21日 星期六");
});

test("a date of another year says so", () => {
  const now = Date.UTC(2026, 2, 20);
  assert.equal(dateInWords("2026-04-30", now), "4月30日");
  assert.equal(dateInWords("2027-01-05", now), "2027年1月5日");
});
