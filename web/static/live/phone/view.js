// Which view the phone shows: what is mine to do comes before what the room does.
import { html } from "../../vendor/ui.js";
import { later } from "../kernel/later.js";
import { AgendaList, CurrentItem, currentItem } from "./agenda.js";
import { Consent } from "./consent.js";
import { MyFloor, OnFloor } from "./floor.js";
import { Me } from "./me.js";
import { Frame, Recess } from "./meeting.js";
import { Motion } from "./motion.js";
import { Ballot, hasVoted, Receipt, showsReceipt } from "./poll.js";
import { CheckIn, WaitForOpening } from "./presence.js";
import { Result, showsResult, showsVoid, VoidPoll } from "./result.js";
import { myPlace, Next, RequestFloor } from "./speaker_queue.js";

const boardPart = later(() => import("./ideas.js"));
const asidePart = later(() => import("./aside.js"));
const procedurePart = later(() => import("./procedure.js"));
const closedPart = later(() => import("./resolutions.js"));

/** @param {import("./meeting.js").PanelProps} props */
function Room({ hall, panels }) {
  const { meeting, me, poll, speaker_queue: queue } = panels;
  const isCalled = meeting.state === "called";
  const isClosed = me && currentItem(panels) !== null && !queue.open && !(poll && poll.state === "open");
  const aside = me && !isCalled && currentItem(panels) ? asidePart() : null;
  const board = panels.ideas ? boardPart() : null;
  const procedure = panels.procedure ? procedurePart() : null;
  const hand = isCalled ? null : RequestFloor({ hall, panels });
  return html`<${Frame} hall=${hall} panels=${panels} thumb=${hand}>
    <${Me} hall=${hall} panels=${panels} />
    ${isCalled ? html`<${WaitForOpening} panels=${panels} />` : html`<${CurrentItem} panels=${panels} />`}
    ${procedure ? html`<${procedure.Procedure} panels=${panels} />` : null}
    ${board ? html`<${board.Ideas} hall=${hall} panels=${panels} />` : null}
    <${Motion} panels=${panels} />
    <${OnFloor} hall=${hall} panels=${panels} />
    ${poll && poll.state === "open" ? html`<p class="after">${pollWords(panels)}</p>` : null}
    ${poll && poll.state === "void" ? html`<p class="after">刚才的表决已经作废。</p>` : null}
    ${isClosed ? html`<p class="after quiet">主持人开放发言以后，就在这里申请。</p>` : null}
    ${aside ? html`<${aside.Aside} hall=${hall} panels=${panels} />` : null}
    <${AgendaList} hall=${hall} panels=${panels} />
  </${Frame}>`;
}

/** @param {import("./meeting.js").PanelProps} props what remains after the meeting is fetched when it is over */
function Closed({ hall, panels }) {
  const part = closedPart();
  if (part !== null) return html`<${part.Closed} hall=${hall} panels=${panels} />`;
  return html`<${Frame} hall=${hall} panels=${panels} kind="closed"><p class="kicker">已经散会</p></${Frame}>`;
}

/** @param {import("./meeting.js").PanelProps} props between the end of a poll and its result nothing is to be chosen */
function Counting({ hall, panels }) {
  const { poll } = panels;
  return html`<${Frame} hall=${hall} panels=${panels} kind="turn">
    <p class="kicker">表决已经截止</p>
    <h1>请等主持人公布结果</h1>
    <p class="after">已投 ${poll.cast} 票。</p>
  </${Frame}>`;
}

/** @param {any} panels @returns {boolean} whether this phone has a ballot: hands are raised, who stands aside has none */
function mayVote({ poll, me }) {
  return (
    Boolean(poll) &&
    poll.state === "open" &&
    poll.method !== "hands" &&
    !poll.recused.includes(me.seat) &&
    !poll.paper.includes(me.seat)
  );
}

/** @param {any} panels @returns {string} what an open poll asks of somebody without a ballot, or how far it is */
function pollWords({ poll, me }) {
  if (me && poll.recused.includes(me.seat)) return "";
  if (me && poll.paper.includes(me.seat)) return "您已领纸质票：请填好交给记录人，手机上不用投。";
  if (poll.method === "hands")
    return `正在举手表决：${poll.text}${me ? "手机上不用投票，请听主持人的口令举手。" : ""}`;
  return `正在表决，已投 ${poll.cast} 人。`;
}

/**
 * @param {any} panels
 * @returns {(props: import("./meeting.js").PanelProps) => any}
 */
export function viewOf(panels) {
  const { meeting, me, poll, consent, floor } = panels;
  if (meeting.state === "closed") return Closed;
  if (me && !me.present) return CheckIn;
  if (meeting.state === "called") return Room;
  if (meeting.state === "suspended") return Recess;
  if (me && floor && floor.speaker && floor.speaker.seat === me.seat) return MyFloor;
  if (me && mayVote(panels) && !hasVoted(panels)) return Ballot;
  if (poll && poll.state === "open" && showsReceipt(panels)) return Receipt;
  if (consent) return Consent;
  if (myPlace(panels) === 0) return Next;
  if (poll && poll.state === "closed") return Counting;
  if (floor && floor.speaker) return Room;
  if (showsVoid(panels)) return VoidPoll;
  return showsResult(panels) ? Result : Room;
}
