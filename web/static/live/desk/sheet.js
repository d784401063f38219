// One person's sheet at the desk: what may be entered for someone who has no phone.
import { html, signal } from "../../vendor/ui.js";
import { isLost, isWaiting, newId } from "../kernel/wishes.js";
import { findParty, Party } from "../marks/party.js";
import { LinkNotice, RefusalNotice } from "../marks/refusal.js";
import { Stance } from "../marks/signs.js";
import { chosen, isAmong, stillSilent } from "./roster.js";

/**
 * @typedef {import("./meeting.js").PanelProps} PanelProps
 * @typedef {PanelProps & {person: any}} PersonProps
 */

const NAMED = 6;
const STANCES = ["for", "against", "question", "addition"];
const recusalReason = signal({ key: "", text: "" });
const pickedBallot = signal({ key: "", choice: "" });

/** @param {{hall: import("../kernel/page.js").Hall, name: string, data: Record<string, unknown>, match?: Record<string, unknown>, label: any, weight?: string}} props */
function Tap({ hall, name, data, match, label, weight = "second" }) {
  const { room } = hall;
  const isPending = isWaiting(room, name, match || data);
  return html`<button class=${`button ${weight}${isPending ? " pending" : ""}`} type="button" onClick=${() => {
    if (!isPending) room.send(name, data);
  }}>${isPending ? (isLost(room.link.value) ? "等待送出" : "正在送出……") : label}</button>`;
}

/**
 * Before the opening an arrival can be taken back; afterwards the record says that somebody came and left.
 * @param {{hall: import("../kernel/page.js").Hall, panels: any, data: Record<string, unknown>}} props
 */
function LeavePart({ hall, panels, data }) {
  const isBefore = panels.meeting.state === "called";
  return html`<p class="quiet">${isBefore ? "已经签到。会议还没有开始，签错了可以撤回，不留记录。" : "已经签到。提前离开的，要登记离会。"}</p>
    <${Tap} hall=${hall} name="presence.leave" data=${data} label=${isBefore ? "签错了，撤回签到" : "登记离会"} />
    ${isBefore ? null : html`<p class="quiet warning">登记以后，纪要写“到会、提前离会”，不能撤回。人没有来、签错了的，也只能这样登记，请在纪要里写明。</p>`}`;
}

/** @param {PersonProps} props */
function PresencePart({ hall, panels, person }) {
  const data = { representative: person.representative };
  if (person.presence === "present") return html`<${LeavePart} hall=${hall} panels=${panels} data=${data} />`;
  const isExcused = person.presence === "excused";
  return html`<div class="buttons"><${Tap} hall=${hall} name="presence.check_in" data=${data} label=${person.presence === "left" ? "又回来了，再签到" : "签到"} weight="" />
    ${
      person.presence === "left"
        ? null
        : html`<${Tap} hall=${hall} name="presence.excuse" data=${Object.assign({ excused: !isExcused }, data)} match=${data} label=${isExcused ? "没有请假，撤回" : "登记请假"} />`
    }</div>
    <p class="quiet">${isExcused ? "已登记请假，纪要列入“请假”。人来了，照常签到。" : person.presence === "left" ? "已登记离会。" : "事先说明来不了的，登记请假；纪要把请假和缺席分开写。"}</p>`;
}

/** @param {PersonProps} props */
function FloorPart({ hall, panels, person }) {
  const { speaker_queue: queue, floor, agenda } = panels;
  const { words } = hall;
  const item = agenda.items.find((/** @type {any} */ entry) => entry.state === "current");
  const mine = { representative: person.representative };
  const place = queue.order.indexOf(person.seat);
  if (floor.speaker && floor.speaker.seat === person.seat) return html`<p>正在发言。</p>`;
  if (place >= 0) {
    const hand = queue.waiting.find((/** @type {any} */ entry) => entry.seat === person.seat);
    return html`<p>等候发言，第${place + 1}位 ${hand ? html`<${Stance} stance=${hand.stance} words=${words} />` : null}</p>
      <${Tap} hall=${hall} name="floor.withdraw" data=${mine} label="放下申请" />`;
  }
  if (!queue.open) return html`<p class="quiet">现在不接受发言申请。</p>`;
  if (person.presence !== "present") return html`<p class="quiet">先签到，再申请发言。</p>`;
  const stances = item && item.has_motion ? STANCES : ["talk"];
  return html`<div class="buttons">
    ${stances.map(
      (stance) =>
        html`<${Tap} key=${stance} hall=${hall} name="floor.request" data=${Object.assign({ stance }, mine)} match=${mine} label=${stance === "talk" ? "申请发言" : `申请发言：${words.stances[stance]}`} />`,
    )}
  </div>`;
}

/** @param {{hall: import("../kernel/page.js").Hall, poll: any, person: any}} props phone or paper, never both */
function PaperPart({ hall, poll, person }) {
  const match = { poll: poll.id, representative: person.representative };
  return poll.paper.includes(person.seat)
    ? html`<p><b>已领纸质票</b>，手机已锁定。</p>
        <${Tap} hall=${hall} name="paper.take_back" data=${match} label="空白票收回，改用手机" />`
    : html`<${Tap} hall=${hall} name="paper.hand_out" data=${match} label="发纸质票，锁定手机" />`;
}

/** @param {PersonProps} props */
function BallotPart({ hall, panels, person }) {
  const { poll } = panels;
  const { room } = hall;
  if (!poll || poll.state !== "open") return html`<p class="quiet">现在没有表决。</p>`;
  if (poll.method === "hands")
    return html`<p class="quiet">正在举手表决。计票人、监票人数完，请到<a href=${`/meetings/${hall.page.meeting}/console`}>主持台页面</a>登记人数。</p>`;
  if (poll.recused.includes(person.seat)) return html`<p>本项回避，不参加表决。</p>`;
  if (poll.secrecy === "secret")
    return html`<p class="quiet">无记名表决不能代登记，请用本人的手机，或者借一部手机扫本人的代表证。</p>`;
  const record = poll.unconfirmed.find(
    (/** @type {any} */ entry) => entry.representative === person.representative,
  );
  if (record) return html`<p>已登记“${optionText(poll, record.choice)}”，等主持人确认。</p>`;
  if (person.presence === "present" && !isAmong(poll.silent, person)) return html`<p>已经投票。</p>`;
  if (person.presence !== "present") return html`<p class="quiet">先签到，再登记选票。</p>`;
  const key = `${poll.id}:${person.representative}`;
  const choice = pickedBallot.value.key === key ? pickedBallot.value.choice : "";
  const match = { poll: poll.id, representative: person.representative };
  const isPending = isWaiting(room, "ballot.record", match);
  return html`<${PaperPart} hall=${hall} poll=${poll} person=${person} />
    <p class="quiet">看着纸质票或举起的手登记，主持人再确认一次才算数。</p>
    <fieldset class="choice-line"><legend>选的是</legend>
      ${poll.options.map(
        (/** @type {any} */ option) =>
          html`<label key=${option.id}><input type="radio" name="ballot" checked=${choice === option.id} onChange=${() => {
            pickedBallot.value = { key, choice: option.id };
          }} /><span>${option.text}</span></label>`,
      )}
    </fieldset>
    <button class=${`button${isPending ? " pending" : ""}`} type="button" disabled=${!choice && !isPending} onClick=${() => {
      if (!isPending) room.send("ballot.record", Object.assign({ choice, nonce: newId() }, match));
    }}>${isPending ? "正在送出……" : choice ? `登记“${optionText(poll, choice)}”` : "先选一项"}</button>`;
}

/** @param {any} poll @param {string} choice */
function optionText(poll, choice) {
  const found = poll.options.find((/** @type {any} */ option) => option.id === choice);
  return found ? found.text : choice;
}

/** @param {PersonProps} props 回避 is entered with its reason, before the question is put */
function RecusalPart({ hall, panels, person }) {
  const { agenda, poll, consent, meeting } = panels;
  const item = agenda.items.find((/** @type {any} */ entry) => entry.state === "current");
  if (!item || meeting.state !== "open" || consent || (poll && poll.state === "open")) return null;
  const data = { item: item.id, representative: person.representative };
  const mine = agenda.recused.find((/** @type {any} */ one) => one.seat === person.seat);
  if (mine)
    return html`<h2>回避</h2><p>本项回避${mine.reason ? `，理由：${mine.reason}` : ""}。</p><${Tap} hall=${hall} name="recusal.withdraw" data=${data} label="撤回回避" />`;
  const key = `${item.id}:${person.representative}`;
  const reason = recusalReason.value.key === key ? recusalReason.value.text : "";
  return html`<h2>回避</h2><label class="quiet" for="recusal">和本项有利害关系的，写明理由，登记回避；不参加表决，仍算到会。</label>
    <input id="recusal" maxlength="100" value=${reason} onInput=${(/** @type {any} */ event) => {
      recusalReason.value = { key, text: event.target.value };
    }} />
    ${reason.trim() ? html`<${Tap} hall=${hall} name="recusal.record" data=${Object.assign({ reason: reason.trim() }, data)} match=${data} label="登记回避" />` : null}`;
}

/** @param {PanelProps} props the next one who has not voted is one tap away, the others two */
function Silent({ panels }) {
  const others = stillSilent(panels).filter((person) => person.representative !== chosen.value);
  if (!others.length) return null;
  const next = others[0];
  const rest = others.slice(1, 1 + NAMED).map((person) => person.name);
  const tail = others.length > 1 + NAMED ? `等${others.length - 1}人` : "";
  return html`<h2>还没有投票</h2>
    <button class="button second next" type="button" onClick=${() => {
      chosen.value = next.representative;
    }}><span class="quiet">下一位</span><b>${next.seat}号 ${next.name}</b><span class="quiet">${next.party}${next.at_desk ? "，签到台签到" : ""}</span></button>
    ${rest.length ? html`<p class="quiet">后面还有：${rest.join("、")}${tail}</p>` : null}`;
}

/** @param {PanelProps} props after the meeting the desk's next thing is the record */
function Over({ panels }) {
  const { minutes } = panels;
  return html`<p class="empty">会议已经散会，签到记录不再改动。</p>
    ${minutes ? html`<a class="button" href=${minutes.url}>${minutes.state === "published" ? "看公开的纪要" : "整理纪要"}</a>` : null}`;
}

/** @param {PanelProps} props */
export function Sheet({ hall, panels }) {
  const person = panels.roster.find((/** @type {any} */ entry) => entry.representative === chosen.value);
  const notices = html`<${LinkNotice} hall=${hall} /><${RefusalNotice} hall=${hall} />`;
  if (panels.meeting.state === "closed")
    return html`<aside class="sheet">${notices}<${Over} hall=${hall} panels=${panels} /></aside>`;
  if (!person)
    return html`<aside class="sheet">${notices}<p class="empty">点一个名字，替没有手机的代表办。<br />可以签到、请假、申请发言、登记选票。</p><${Silent} hall=${hall} panels=${panels} /></aside>`;
  // while a poll runs, the ballot comes first under the eyes
  const isPolling = panels.poll && panels.poll.state === "open" && person.presence === "present";
  const presence = html`<h2>签到</h2><${PresencePart} hall=${hall} panels=${panels} person=${person} />`;
  return html`<aside class="sheet" key=${person.representative}>
    ${notices}
    <h1>${person.name}</h1>
    <p class="of"><${Party} party=${findParty(panels, person.party_id)} /><span class="quiet">${person.seat}号席位 · ${hall.words.presence[person.presence]}</span></p>
    ${isPolling ? null : presence}
    ${
      panels.meeting.state === "open"
        ? isPolling
          ? html`<h2>表决</h2><${BallotPart} hall=${hall} panels=${panels} person=${person} /><${Silent} hall=${hall} panels=${panels} />`
          : html`<h2>发言</h2><${FloorPart} hall=${hall} panels=${panels} person=${person} /><${RecusalPart} hall=${hall} panels=${panels} person=${person} />`
        : null
    }
    ${isPolling ? presence : null}
  </aside>`;
}
