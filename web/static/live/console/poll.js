// Panel `poll` on the console: turnout, the records to confirm, the end, the publication.
import { html, signal } from "../../vendor/ui.js";
import { briefName } from "../marks/party.js";
import { ActButton, perform } from "./act.js";
import { guides } from "./guide.js";
import { Hands } from "./hands.js";

const SHOWN = 10;
const reason = signal("");
const isVoiding = signal(false);

/** @param {any} person people of one name are told apart by their party and seat */
function named(person) {
  return `${person.name}（${briefName(person.party)}${person.seat}号）`;
}

/** @param {{hall: import("../kernel/page.js").Hall, poll: any}} props */
function Unconfirmed({ hall, poll }) {
  const records = poll.unconfirmed || [];
  if (!records.length) return null;
  const option = (/** @type {string} */ id) =>
    (poll.options.find((/** @type {any} */ one) => one.id === id) || { text: id }).text;
  return html`<h3>记录人登记、等您确认的选票</h3>
    <ul class="records">
      ${records.map(
        (
          /** @type {any} */ record,
        ) => html`<li key=${record.representative}><span>${named(record)}：<b>${option(record.choice)}</b></span>
          <span><${ActButton} hall=${hall} kind="text-button" act=${{ name: "ballot.confirm", data: { poll: poll.id, representative: record.representative }, label: "确认" }} />
            <${ActButton} hall=${hall} kind="text-button" act=${{ name: "ballot.discard", data: { poll: poll.id, representative: record.representative }, label: "不对，退回" }} /></span></li>`,
      )}
    </ul>`;
}

/** @param {{hall: import("../kernel/page.js").Hall, poll: any}} props */
function VoidForm({ hall, poll }) {
  if (!isVoiding.value)
    return html`<button class="text-button" type="button" onClick=${() => {
      isVoiding.value = true;
    }}>宣布这次表决作废</button>`;
  /** @param {Event} event */
  function send(event) {
    event.preventDefault();
    if (!reason.value.trim()) return;
    perform(
      hall,
      {
        name: "poll.void",
        label: "宣布表决作废",
        data: { poll: poll.id, reason: reason.value.trim() },
        confirm: "作废后票数不公布，原因记入纪要；要再表决，得重新开启。",
      },
      (answer) => {
        if (!answer.ok) return;
        reason.value = "";
        isVoiding.value = false;
      },
    );
  }
  return html`<form class="small-form" onSubmit=${send}><label for="void-reason">作废的原因（记入纪要）</label>
    <input id="void-reason" maxlength="200" value=${reason.value} onInput=${(/** @type {any} */ event) => {
      reason.value = event.target.value;
    }} />
    <div class="pair"><button class="button strong" type="submit">作废</button><button class="button second" type="button" onClick=${() => {
      isVoiding.value = false;
    }}>不作废</button></div></form>`;
}

/** @param {any} poll */
function closingAct(poll) {
  const records = (poll.unconfirmed || []).length;
  const silent = (poll.silent || []).length;
  const data = records ? { poll: poll.id, confirmed: true } : { poll: poll.id };
  const confirm = records
    ? `有${records}张登记的选票没有确认，现在截止就不算数。`
    : silent
      ? `还有${silent}人没有投票，截止以后不能再投。`
      : null;
  return { name: "poll.close", label: "截止表决", data, confirm };
}

/** @param {import("./meeting.js").PanelProps} props */
export function Poll({ hall, panels }) {
  const { poll } = panels;
  const { words } = hall;
  if (!poll || poll.state === "published" || poll.state === "void") return null;
  const isOpen = poll.state === "open";
  const silent = poll.silent || [];
  const mayAct = hall.page.role !== "secretary";
  const isGuided = guides(panels, "poll.close") || guides(panels, "poll.publish");
  const base = poll.present;
  const isRaised = poll.method === "hands";
  return html`<div class="block poll">
    <h2><span>${isOpen ? "正在表决" : "表决已截止"}</span><span>${words.natures[poll.nature]} · ${isRaised ? "举手表决" : words.secrecy[poll.secrecy]}${poll.nature === "sounding" ? "" : ` · ${poll.rule}`}</span></h2>
    <p class="song text">${poll.text}</p>
    ${isRaised ? html`<${Hands} hall=${hall} panels=${panels} />` : html`<p class="turnout"><b class="num">${poll.cast}</b> / ${Math.max(base, poll.cast)} 人已投</p>`}
    ${isOpen && silent.length ? html`<p class="quiet">还没有投：${silent.slice(0, SHOWN).map(named).join("、")}${silent.length > SHOWN ? `等${silent.length}人` : ""}</p>` : null}
    <${Unconfirmed} hall=${hall} poll=${poll} />
    ${
      mayAct
        ? html`<div class="go">
            ${isGuided || (isRaised && isOpen) ? null : html`<${ActButton} hall=${hall} act=${isOpen ? closingAct(poll) : { name: "poll.publish", label: "公布结果", data: { poll: poll.id } }} />`}
            <${VoidForm} hall=${hall} poll=${poll} />
          </div>`
        : null
    }
  </div>`;
}
