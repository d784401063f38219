// Panel `presence` on the console: cells per party, the stroke after the last seat it needs.
import { html } from "../../vendor/ui.js";
import { briefName, Mark } from "../marks/party.js";
import { cellsOf, Seats } from "../marks/seats.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Presence({ panels }) {
  const { presence } = panels;
  return html`<div class="block presence">
    <h2><span>签到</span><span>竖线为各方最少人数</span></h2>
    <ol class="presence-list">
      ${presence.parties.map((/** @type {any} */ party) => {
        const cells = cellsOf([
          ["here", party.present],
          ["empty", party.entitled - party.present],
        ]);
        return html`<li key=${party.id} data-crowd=${party.entitled > 9 ? "many" : "few"}>
          <span class="party"><${Mark} mark=${party.mark} order=${party.order} /><span>${briefName(party.name)}</span></span>
          <${Seats} cells=${cells} order=${party.order} need=${party.needed} label=${`${party.name}到${party.present}，应到${party.entitled}，需${party.needed}`} />
          <span class=${party.reached ? undefined : "now"}>${party.present}/${party.entitled}</span>
        </li>`;
      })}
    </ol>
  </div>`;
}
