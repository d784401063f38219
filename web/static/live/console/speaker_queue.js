// Panel `speaker_queue` on the console: the order, and 请 for anyone in it.
import { html } from "../../vendor/ui.js";
import { handWords } from "../marks/hand.js";
import { briefName, Mark } from "../marks/party.js";
import { Stance } from "../marks/signs.js";
import { ActButton } from "./act.js";
import { isAsked } from "./agenda.js";

/** @param {{hall: import("../kernel/page.js").Hall, queue: any}} props how the order comes about, for this item */
function Mode({ hall, queue }) {
  const modes = hall.words.queue_modes;
  return html`<label class="queue-mode">发言次序
    <select value=${queue.mode} onChange=${(/** @type {any} */ event) => hall.room.send("queue.order", { order: event.target.value })}>
      ${Object.keys(modes).map((mode) => html`<option key=${mode} value=${mode} selected=${mode === queue.mode}>${modes[mode]}</option>`)}
    </select></label>`;
}

/** @param {any[]} waiting @param {number} place @returns {any} the hand before this one in its own lane, if any */
function ahead(waiting, place) {
  const former = place > 0 && !waiting[place].point_of_order ? waiting[place - 1] : null;
  return former && !former.point_of_order ? former : null;
}

/** @param {import("./meeting.js").PanelProps} props */
export function SpeakerQueue({ hall, panels }) {
  const { speaker_queue: queue, meeting, agenda, floor } = panels;
  const mayAct = meeting.state === "open" && hall.page.role !== "secretary";
  const hasItem = agenda.items.some((/** @type {any} */ item) => item.state === "current");
  const close = {
    name: "queue.close",
    label: "关闭",
    title: "关闭发言申请",
    confirm: queue.length ? `还有${queue.length}人等候发言，关闭后他们的申请取消，讨论结束。` : null,
  };
  const switchAct = queue.open ? close : { name: "queue.open", label: "开放" };
  const rest = queue.length - queue.waiting.length;
  if (meeting.state === "called" || meeting.state === "closed") return null;
  return html`<div class="block speaker-queue">
    <h2><span>发言队列 · ${queue.length}人等候</span><span>${queue.open ? "正在接受申请" : "现在不接受申请"}　${mayAct && hasItem && (queue.open || !isAsked(panels)) ? html`<${ActButton} hall=${hall} act=${switchAct} kind="text-button" />` : null}</span></h2>
    ${mayAct && queue.open ? html`<${Mode} hall=${hall} queue=${queue} />` : null}
    ${mayAct && floor.may_return ? html`<p><${ActButton} hall=${hall} kind="text-button" act=${{ name: "floor.return", label: `请${floor.may_return.name}接着说` }} /></p>` : null}
    ${queue.length ? null : html`<p class="empty">现在没有人等候。</p>`}
    <table class="queue-table"><tbody>
      ${queue.waiting.map(
        (/** @type {any} */ hand, /** @type {number} */ i) => html`<tr key=${hand.seat}>
          <td class="num">${i + 1}</td>
          <td><span class="party"><${Mark} mark=${hand.mark} order=${hand.order} />${briefName(hand.party)}</span></td>
          <td>${hand.name}</td>
          <td>${hand.point_of_order ? html`<span class="now">程序性</span>` : html`<${Stance} stance=${hand.stance} words=${hall.words} />`}<small>${handWords(hand, hall.words)}${hand.note ? `：${hand.note}` : ""}</small></td>
          <td>${mayAct && ahead(queue.waiting, i) ? html`<${ActButton} hall=${hall} kind="text-button" act=${{ name: "queue.move", data: { representative: hand.representative, before: ahead(queue.waiting, i).representative }, label: "提前" }} />` : null}
          ${mayAct ? html`<${ActButton} hall=${hall} kind="text-button" act=${{ name: "floor.grant", data: { representative: hand.representative }, label: "请" }} />` : null}</td>
        </tr>`,
      )}
    </tbody></table>
    ${rest > 0 ? html`<p class="quiet">后面还有${rest}人</p>` : null}
  </div>`;
}
