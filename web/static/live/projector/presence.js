// Panel `presence` on the wall: who has come, party by party, and what is missing before the meeting may begin.
import { html } from "../../vendor/ui.js";
import { Party } from "../marks/party.js";
import { cellsOf, Seats } from "../marks/seats.js";
import { Tonight } from "./agenda.js";

/** @param {any} presence */
function headline(presence) {
  const { quorum, present, parties } = presence;
  const total =
    present >= quorum.needed ? `总人数已够${quorum.needed}人` : `总人数还差${quorum.needed - present}人`;
  const short = parties.filter((/** @type {any} */ party) => !party.reached);
  if (quorum.reached) return [total, "已达到法定人数，可以开会"];
  if (short.length === 0) return [total, html`<span class="now">等人到齐</span>`];
  const isNearly = present >= quorum.needed && short.length <= 2;
  const each = (/** @type {any} */ party) => `${party.name}再到${party.needed - party.present}人`;
  const words = isNearly ? `${short.map(each).join("，")}即可开会` : `还有${short.length}方没有到够`;
  return [total, html`<span class="now">${words}</span>`];
}

/** @param {{party: any}} props */
function PartyRow({ party }) {
  const label = `${party.name}应到${party.entitled}人，已到${party.present}人，至少${party.needed}人`;
  const cells = cellsOf([
    ["here", party.present],
    ["empty", party.entitled - party.present],
  ]);
  return html`<li class="party-row">
    <${Party} party=${party} wide />
    <${Seats} cells=${cells} order=${party.order} label=${label} need=${party.needed} />
    <span class="count">${party.reached ? html`<span>已够</span>` : html`<b class="now">还差${party.needed - party.present}人</b>`}</span>
  </li>`;
}

/**
 * How small the cells must be drawn so that the largest party fits its row.
 * @param {any[]} parties
 * @param {number} few how many cells of full size fit
 * @returns {"few" | "some" | "many"}
 */
export function crowdOf(parties, few) {
  const largest = Math.max(0, ...parties.map((party) => party.entitled));
  return largest <= few ? "few" : largest <= few * 1.9 ? "some" : "many";
}

/** @param {import("./meeting.js").PanelProps} props */
export function Gathering({ hall, panels }) {
  const { presence } = panels;
  const { page } = hall;
  const [total, missing] = headline(presence);
  return html`<main class="projector-body gathering">
    <section class="door">
      <h1>扫码签到</h1>
      <img class="qr" src=${`/meetings/${page.meeting}/join.svg`} alt="签到二维码" />
      ${page.join ? html`<p class="kicker address">${page.join.replace(/^https?:\/\//, "").replace(/\/join$/, "")}<wbr />/join</p>` : null}
      <div><p class="kicker">扫自己代表证上的码；</p><p class="kicker">没带手机，到签到台。</p></div>
    </section>
    <section>
      <div class="turnout">
        <p class="figure">${presence.present}<small>/ ${presence.entitled} 人</small></p>
        <p class="lead">${total}<br />${missing}</p>
      </div>
      <ol class="party-rows" data-crowd=${crowdOf(presence.parties, 9)} data-parties=${presence.parties.length > 5 ? "many" : "few"}>
        ${presence.parties.map((/** @type {any} */ party) => html`<${PartyRow} key=${party.id} party=${party} />`)}
      </ol>
    </section>
    <${Tonight} panels=${panels} />
  </main>`;
}
