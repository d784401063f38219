// Panel `resolutions` on the console: what was decided, and who does it by when, written down on the spot.
import { html, signal } from "../../vendor/ui.js";
import { dateInWords } from "../kernel/clock.js";
import { openForm } from "./act.js";

const EMPTY = { text: "", accountable: "", post: "", due: "" };
const drafts = signal(/** @type {Record<string, typeof EMPTY>} */ ({}));

/** @param {string} resolution @param {Record<string, string>} change */
function keep(resolution, change) {
  const draft = Object.assign({}, drafts.value[resolution], change);
  drafts.value = Object.assign({}, drafts.value, { [resolution]: draft });
}

/** @param {import("./meeting.js").PanelProps & {resolution: string, text: string}} props */
function TaskForm({ hall, panels, resolution, text }) {
  const draft = Object.assign({}, EMPTY, { text: text.slice(0, 200) }, drafts.value[resolution]);
  const isReady = draft.text.trim() && draft.accountable && draft.post.trim() && draft.due;
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!isReady) return;
    const data = {
      resolution,
      text: draft.text.trim(),
      accountable: draft.accountable,
      post: draft.post.trim(),
      due: draft.due,
    };
    hall.room.send("task.draft", data, (answer) => {
      if (answer.ok) keep(resolution, EMPTY);
    });
  }
  /** @param {string} field */
  const put = (field) => (/** @type {any} */ event) => keep(resolution, { [field]: event.target.value });
  const today = new Date(hall.room.clock.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
  return html`<form class="small-form tasks-form" onSubmit=${send}>
    <label for="task-text">做什么</label><input id="task-text" maxlength="200" value=${draft.text} onInput=${put("text")} />
    <div class="pair">
      <div><label for="task-party">责任方</label><select id="task-party" value=${draft.accountable} onChange=${put("accountable")}>
        <option value="" disabled>请选择</option>
        ${panels.presence.parties.map((/** @type {any} */ party) => html`<option key=${party.id} value=${party.id}>${party.name}</option>`)}
      </select></div>
      <div><label for="task-post">责任人的职务</label><input id="task-post" maxlength="40" placeholder="如：物业经理" value=${draft.post} onInput=${put("post")} /></div>
    </div>
    <label for="task-due">办理期限</label><input id="task-due" type="date" min=${today} value=${draft.due} onInput=${put("due")} />
    <div class="pair"><button class="button" type="submit" disabled=${!isReady}>登记办理事项</button><button class="button second" type="button" onClick=${() => {
      openForm.value = null;
    }}>收起</button></div>
  </form>`;
}

/** @param {{resolution: string}} props */
function OpenForm({ resolution }) {
  return html`<button class="text-button" type="button" onClick=${() => {
    openForm.value = { name: "form.tasks", data: { resolution } };
  }}>定办理事项</button>`;
}

/** @param {any} panels @returns {boolean} tasks are written down until the minutes are finalised */
export function mayDraft(panels) {
  return !panels.minutes || panels.minutes.state === "draft";
}

/**
 * What was typed for a resolution and not registered: kept, said, and no longer asked for once it is too late.
 * @param {{panels: any, resolution: string}} props
 */
function Unregistered({ panels, resolution }) {
  const draft = drafts.value[resolution];
  const isTyped = Boolean(draft) && Object.values(draft).some((text) => text.trim());
  if (!isTyped) return null;
  const said = mayDraft(panels)
    ? "有一件没有登记完，填的字还留着。"
    : "有一件没有登记。纪要已经定稿，不能再登记办理事项。";
  return html`<p class="quiet">${said}</p>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Resolutions({ hall, panels }) {
  const items = panels.resolutions ? panels.resolutions.items : [];
  const now = hall.room.clock.now();
  const form = openForm.value;
  const open = form !== null && form.name === "form.tasks" && mayDraft(panels) ? form.data.resolution : "";
  if (!items.length) return null;
  return html`<div class="block resolutions">
    <h2><span>今天定了的</span><span>${items.length}件</span></h2>
    <ol>
      ${items.map(
        (/** @type {any} */ resolution) => html`<li key=${resolution.id}>
          <p class="song text">${resolution.text}</p>
          ${resolution.tasks.map((/** @type {any} */ task) => html`<p class="task" key=${task.id}>${task.text.replace(/[。；]$/, "")}：${task.accountable} ${task.post}，${dateInWords(task.due, now)}前</p>`)}
          ${
            open === resolution.id
              ? html`<${TaskForm} hall=${hall} panels=${panels} resolution=${resolution.id} text=${resolution.text} />`
              : html`<${Unregistered} panels=${panels} resolution=${resolution.id} />${mayDraft(panels) ? html`<${OpenForm} resolution=${resolution.id} />` : null}`
          }
        </li>`,
      )}
    </ol>
  </div>`;
}
