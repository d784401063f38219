// Panel `presence` on the phone: the first tap of all, 签到.
import { html } from "../../vendor/ui.js";
import { dayOf, timeOfDay } from "../kernel/clock.js";
import { allowed } from "../kernel/wishes.js";
import { findParty, Party } from "../marks/party.js";
import { Action } from "./action.js";
import { Frame } from "./meeting.js";

/** @param {import("./meeting.js").PanelProps} props */
export function CheckIn({ hall, panels }) {
  const { meeting, me, presence } = panels;
  const mayEnter = allowed(panels).includes("presence.check_in");
  const thumb = mayEnter
    ? html`<${Action} hall=${hall} name="presence.check_in" label="是我，签到" />`
    : null;
  return html`<${Frame} hall=${hall} panels=${panels} kind="join" thumb=${thumb}>
    <h1>签到入会</h1>
    <dl class="facts">
      <dt>会议</dt><dd>${meeting.number || meeting.title}</dd>
      ${meeting.starts_at ? html`<dt>时间</dt><dd>${dayOf(meeting.starts_at)} ${timeOfDay(meeting.starts_at)}</dd>` : null}
      ${meeting.place ? html`<dt>地点</dt><dd>${meeting.place}</dd>` : null}
      <dt>已到</dt><dd>${presence.present} / ${presence.entitled} 人</dd>
    </dl>
    <div class="person">
      <p class="kicker">这张代表证的主人是</p>
      <strong>${me.name}</strong>
      <${Party} party=${findParty(panels, me.party_id || me.party)} />
    </div>
    <p class="help">一张代表证只给一个人用。不是您，请不要点，把代表证还给签到台。</p>
  </${Frame}>`;
}

/** @param {{panels: any}} props before the opening: how many are still missing */
export function WaitForOpening({ panels }) {
  const { presence } = panels;
  const short = presence.parties.filter((/** @type {any} */ party) => !party.reached);
  const lacking = presence.quorum.needed - presence.present;
  return html`<p class="kicker now"><b>等待开会</b></p>
    <h1>已到 ${presence.present} / ${presence.entitled} 人</h1>
    <p class="after">${
      presence.quorum.reached
        ? "人数够了，请等主持人宣布开会。"
        : [lacking > 0 ? `总人数还差${lacking}人` : ""]
            .concat(
              short.map((/** @type {any} */ party) => `${party.name}还差${party.needed - party.present}人`),
            )
            .filter(Boolean)
            .join("，") + "。"
    }</p>`;
}
