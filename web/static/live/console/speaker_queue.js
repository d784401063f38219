// Panel `speaker_queue` on the console: the order, and 请 for anyone in it.
import { html } from "../../vendor/ui.js";
import { briefName, Mark } from "../marks/party.js";
import { Stance } from "../marks/signs.js";
import { ActButton } from "./act.js";
import { isAsked } from "./agenda.js";

/** @param {import("./meeting.js").PanelProps} props */
export function SpeakerQueue({ hall, panels }) {
  const { speaker_queue: queue, meeting, agenda } = panels;
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
    ${queue.length ? null : html`<p class="empty">现在没有人等候。</p>`}
    <table class="queue-table"><tbody>
      ${queue.waiting.map(
        (/** @type {any} */ hand, /** @type {number} */ i) => html`<tr key=${hand.seat}>
          <td class="num">${i + 1}</td>
          <td><span class="party"><${Mark} mark=${hand.mark} order=${hand.order} />${briefName(hand.party)}</span></td>
          <td>${hand.name}</td>
          <td>${hand.point_of_order ? html`<span class="now">程序性</span>` : html`<${Stance} stance=${hand.stance} words=${hall.words} />`}</td>
          <td>${mayAct ? html`<${ActButton} hall=${hall} kind="text-button" act=${{ name: "floor.grant", data: { representative: hand.representative }, label: "请" }} />` : null}</td>
        </tr>`,
      )}
    </tbody></table>
    ${rest > 0 ? html`<p class="quiet">后面还有${rest}人</p>` : null}
  </div>`;
}
