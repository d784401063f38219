// Panel `minutes` on the console, and the ways to the other screens.
import { html } from "../../vendor/ui.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Elsewhere({ hall, panels }) {
  const { minutes } = panels;
  const room = `/meetings/${hall.page.meeting}`;
  return html`<div class="block elsewhere">
    <h2><span>别的屏幕</span></h2>
    <ul>
      <li><a href=${`${room}/projector`} target="_blank" rel="noopener">打开大屏窗口</a><span class="quiet">拖到投影上，按F11全屏</span></li>
      <li><a href=${`${room}/desk`} target="_blank" rel="noopener">签到台</a><span class="quiet">给没带手机的人登记</span></li>
      ${minutes && minutes.url ? html`<li><a href=${minutes.url}>会议纪要</a><span class="quiet">${minutes.signatories ? `已签 ${minutes.signed} / ${minutes.signatories} 人` : "记录人整理"}</span></li>` : null}
    </ul>
  </div>`;
}
