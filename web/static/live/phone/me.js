// Panel `me`: who holds this phone and how they stand, always at the top.
import { html } from "../../vendor/ui.js";
import { findParty, Mark } from "../marks/party.js";

/** @param {any} panels @returns {any} one's own recusal in the current item, if any */
export function myRecusal({ me, agenda }) {
  return me ? agenda.recused.find((/** @type {any} */ one) => one.seat === me.seat) : undefined;
}

/** @param {any} panels */
function standing(panels) {
  const { me, speaker_queue: queue, poll } = panels;
  if (!me.present) return "还没有签到";
  const place = queue ? queue.order.indexOf(me.seat) : -1;
  if (place >= 0) return `等候发言，第${place + 1}位`;
  if (myRecusal(panels)) return "本项回避";
  if (poll && poll.state === "open" && poll.method !== "hands")
    return me.ballot && me.ballot.poll === poll.id ? "已投票" : "还没有投票";
  return "已签到";
}

/** @param {{hall: import("../kernel/page.js").Hall, panels: any}} props */
export function Me({ hall, panels }) {
  const { me } = panels;
  if (!me)
    return html`<p class="me"><span>${hall.words.roles[hall.page.role || ""] || "列席"}</span><span>只看，不发言、不投票</span></p>`;
  const party = findParty(panels, me.party_id || me.party);
  return html`<p class="me"><span><${Mark} mark=${party.mark} order=${party.order} /> ${me.party} <b>${me.name}</b></span><span>${standing(panels)}</span></p>`;
}
