import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { documentElement: { dataset: {} } };
const { asked, isAsking, openForm, perform, putFormsAway } = await import("../../web/static/live/console/act.js");
const { mayDraft } = await import("../../web/static/live/console/resolutions.js");
const { ownersHint } = await import("../../web/static/live/console/owners.js");

/** A hall in which a debate is on and so many wait. */
function hallWith(waiting, change = {}) {
  const panels = {
    meeting: { state: "open" },
    guide: { code: "grant_next", step: "金淑贞讲完后，请何方正发言" },
    poll: null,
    speaker_queue: { length: waiting },
  };
  return { room: { panels: { value: Object.assign(panels, change) } } };
}

const CLOSE = { name: "queue.close", label: "结束讨论", confirm: "还有2人等候发言。" };
const ADJOURN = { name: "meeting.close", label: "散会", confirm: "散会以后不能再议。" };

test("a question that counts those who wait is taken back when another hand goes up", () => {
  perform(hallWith(2), CLOSE);
  assert.equal(isAsking(hallWith(2).room.panels.value), true);
  assert.equal(isAsking(hallWith(3).room.panels.value), false);
  assert.equal(asked.value, null);
});

test("a question that does not count hands outlives one", () => {
  perform(hallWith(2), ADJOURN);
  assert.equal(isAsking(hallWith(3).room.panels.value), true);
});

test("every question is taken back when the meeting has gone on", () => {
  for (const act of [CLOSE, ADJOURN]) {
    perform(hallWith(2), act);
    assert.equal(isAsking(hallWith(2, { meeting: { state: "suspended" } }).room.panels.value), false);
  }
});

test("a motion that names a matter of the owners gets a word, any other none", () => {
  const words = { owners_decide: { hint: "这里提到“{matter}”。", matters: { fund: "维修资金", income: "公共收益" } } };
  assert.equal(ownersHint(words, "同意用公共收益购置器材6件"), "这里提到“公共收益”。");
  assert.equal(ownersHint(words, "同意更换楼道灯11盏"), null);
});

test("the end of the meeting puts an open form away, and one opened afterwards stays", () => {
  openForm.value = { name: "form.tasks", data: { resolution: "r1" } };
  putFormsAway({ meeting: { state: "suspended" } });
  assert.notEqual(openForm.value, null);
  putFormsAway({ meeting: { state: "closed" } });
  assert.equal(openForm.value, null);
  openForm.value = { name: "form.tasks", data: { resolution: "r1" } };
  putFormsAway({ meeting: { state: "closed" } });
  assert.notEqual(openForm.value, null);
  openForm.value = null;
});

test("tasks are written down until the minutes are final", () => {
  assert.equal(mayDraft({ minutes: null }), true);
  assert.equal(mayDraft({ minutes: { state: "draft" } }), true);
  assert.equal(mayDraft({ minutes: { state: "signing" } }), false);
  assert.equal(mayDraft({ minutes: { state: "published" } }), false);
});
