// The form for a motion: its text, how it is decided, and the two ways to put it to the room.
// A half-written text is kept on this computer per item, through every update and reload.
import { html, signal } from "../../vendor/ui.js";
import { openForm, perform } from "./act.js";
import { currentItem } from "./agenda.js";
import { Gate, guides } from "./guide.js";
import { ownersHint } from "./owners.js";

/**
 * @typedef {{text: string, options: string, secrecy: string, nature: string}} Draft
 * @typedef {import("./meeting.js").PanelProps} PanelProps
 */

const EMPTY = { text: "", options: "", secrecy: "open", nature: "deliberative" };
const NATURES = ["deliberative", "assembly", "sounding"];
const drafts = signal(/** @type {Record<string, Draft>} */ ({}));

/**
 * What is written for an item: the chair's own draft, else the text that already stands before the room.
 * @param {import("../kernel/page.js").Hall} hall
 * @param {string} item
 * @returns {Draft}
 */
function draftOf(hall, item) {
  if (drafts.value[item]) return drafts.value[item];
  const panels = hall.room.panels.value;
  const motion = panels && panels.motion && panels.motion.item === item ? { text: panels.motion.text } : {};
  try {
    const kept = hall.shelf === null ? null : hall.shelf.getItem(`motion:${hall.page.meeting}:${item}`);
    return Object.assign({}, EMPTY, motion, kept ? JSON.parse(kept) : {});
  } catch {
    return Object.assign({}, EMPTY, motion);
  }
}

/** @param {import("../kernel/page.js").Hall} hall @param {string} item @param {Partial<Draft>} change */
function keep(hall, item, change) {
  const next = Object.assign({}, draftOf(hall, item), change);
  drafts.value = Object.assign({}, drafts.value, { [item]: next });
  if (hall.shelf !== null) hall.shelf.setItem(`motion:${hall.page.meeting}:${item}`, JSON.stringify(next));
}

/** @param {Draft} draft @returns {{id: string, text: string}[]} own options, one a line; ids are letters in order */
function ownOptions(draft) {
  const lines = draft.options.split("\n").map((line) => line.trim());
  return lines.filter(Boolean).map((text, i) => ({ id: `option-${i + 1}`, text }));
}

/** @param {import("../kernel/page.js").Hall} hall @param {string} item */
function openPoll(hall, item) {
  const draft = draftOf(hall, item);
  const options = ownOptions(draft);
  const data = { item, text: draft.text.trim(), secrecy: draft.secrecy, nature: draft.nature };
  const whole = options.length ? Object.assign(data, { options }) : data;
  hall.room.send("poll.open", whole, (answer) => {
    if (answer.ok) openForm.value = null;
    else if (answer.refusal.code === "DEBATE_OPEN") askAgain(hall, whole);
  });
}

/** @param {import("../kernel/page.js").Hall} hall @param {Record<string, unknown>} data */
function askAgain(hall, data) {
  hall.room.refused.value = null;
  const confirm = "还有人等着发言，或者正在发言。现在表决，他们就没有机会说了。";
  perform(
    hall,
    {
      name: "poll.open",
      data: Object.assign({}, data, { confirmed: true }),
      label: "不等发言，现在表决",
      confirm,
    },
    (answer) => {
      if (answer.ok) openForm.value = null;
    },
  );
}

/** @param {import("../kernel/page.js").Hall} hall @param {string} item */
function askConsent(hall, item) {
  const data = { item, text: draftOf(hall, item).text.trim() };
  hall.room.send("consent.ask", data, (answer) => {
    if (answer.ok) openForm.value = null;
    else if (answer.refusal.code === "DEBATE_OPEN") {
      hall.room.refused.value = null;
      const confirm = "还有人等着发言，或者正在发言。现在问，他们就没有机会说了。";
      perform(hall, {
        name: "consent.ask",
        data: Object.assign({}, data, { confirmed: true }),
        label: "不等发言，现在问",
        confirm,
      });
    }
  });
}

/** @param {import("../kernel/page.js").Hall} hall @param {string} item the text stands before the room, nobody votes yet */
function wordMotion(hall, item) {
  hall.room.send("motion.word", { item, text: draftOf(hall, item).text.trim() }, (answer) => {
    if (answer.ok) openForm.value = null;
  });
}

/** @param {{label: string, name: string, value: string, choices: [string, string][], choose: (value: string) => void}} props */
function Choice({ label, name, value, choices, choose }) {
  return html`<fieldset class="choice-line"><legend>${label}</legend>
    ${choices.map(
      ([code, words]) =>
        html`<label key=${code}><input type="radio" name=${name} value=${code} checked=${value === code} onChange=${() => choose(code)} /><span>${words}</span></label>`,
    )}
  </fieldset>`;
}

/** @param {PanelProps & {item: any}} props */
function MotionForm({ hall, item }) {
  const draft = draftOf(hall, item.id);
  const { words } = hall;
  const isReady = draft.text.trim().length > 0;
  const isWritten = ownOptions(draft).length !== 1;
  const hint = draft.nature === "sounding" ? null : ownersHint(words, item.title + draft.text);
  /** @param {string} field @returns {(value: string) => void} */
  const put = (field) => (value) => keep(hall, item.id, { [field]: value });
  return html`<form class="motion-form" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <label for="motion-text">表决事项，一句话说清做什么、谁来做、什么时候</label>
    <textarea id="motion-text" class="song" rows="3" maxlength="500" value=${draft.text} onInput=${(/** @type {any} */ event) => put("text")(event.target.value)}></textarea>
    <div class="choice-lines">
      <${Choice} label="表决方式" name="secrecy" value=${draft.secrecy} choices=${Object.entries(words.secrecy)} choose=${put("secrecy")} />
      <${Choice} label="性质" name="nature" value=${draft.nature} choices=${NATURES.map((code) => [code, words.natures[code]])} choose=${put("nature")} />
    </div>
    ${draft.secrecy === "secret" ? html`<p class="quiet">无记名只能用手机投票：没有手机的代表投不了票，仍算实到人数。保密性取决于服务器管理者。</p>` : null}
    ${hint ? html`<p class="hint">${hint} <button class="text-button" type="button" onClick=${() => put("nature")("sounding")}>改为意向征询</button></p>` : null}
    <details open=${Boolean(draft.options)}><summary>选项不是赞成、反对、弃权</summary>
      <label for="motion-options">每行写一个选项，至少两个</label>
      <textarea id="motion-options" rows="3" value=${draft.options} onInput=${(/** @type {any} */ event) => put("options")(event.target.value)}></textarea>
    </details>
    <div class="go">
      <button class="button" type="button" disabled=${!isReady || !isWritten} onClick=${() => openPoll(hall, item.id)}>开启表决</button>
      <button class="button second" type="button" disabled=${!isReady} onClick=${() => askConsent(hall, item.id)}>问大家有没有异议</button>
      <button class="button second" type="button" disabled=${!isReady} onClick=${() => wordMotion(hall, item.id)}>先放上大屏，听听意见</button>
      <button class="button quiet" type="button" onClick=${() => {
        openForm.value = null;
      }}>先不表决，收起</button>
    </div>
  </form>`;
}

/** @param {any} panels @returns {boolean} whether a motion can be put now: an item is on and nothing is being decided */
export function mayWrite(panels) {
  const { poll, consent, meeting } = panels;
  const isBusy = consent || (poll && (poll.state === "open" || poll.state === "closed"));
  return meeting.state === "open" && !isBusy && currentItem(panels) !== null;
}

/** @param {PanelProps} props the block 表决 while nothing is being decided */
export function Motion({ hall, panels }) {
  const { meeting } = panels;
  const item = currentItem(panels);
  if (!mayWrite(panels) || hall.page.role === "secretary") return null;
  if (panels.motion && panels.motion.amendments.some((/** @type {any} */ one) => one.state === "pending"))
    return null;
  const isOpen = openForm.value !== null && openForm.value.name === "form.motion";
  // once decided, another vote on the item starts from the guide, not from a leftover text
  if (!isOpen && panels.result) return null;
  const draft = draftOf(hall, item.id);
  return html`<div class="block motion" key=${item.id}>
    <h2><span>表决</span><span>${meeting.rule ? `${meeting.rule}通过` : ""}</span></h2>
    <${Gate} panels=${panels} />
    ${
      isOpen
        ? html`<${MotionForm} hall=${hall} panels=${panels} item=${item} />`
        : html`<div class="poll-go"><p class="song">${draft.text || "还没有写表决事项。"}</p>${
            guides(panels, "form.motion")
              ? null
              : html`<button class="button second" type="button" onClick=${() => {
                  openForm.value = { name: "form.motion", data: { item: item.id } };
                }}>${draft.text ? "改表决事项" : "写表决事项"}</button>`
          }</div>`
    }
  </div>`;
}
