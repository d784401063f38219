// Panel `minutes` on the console, and the ways to the other screens.
import { html } from "../../vendor/ui.js";

/** @type {Record<string, string>} */
const NEXT = { draft: "整理纪要", signing: "看谁签了字", published: "看公布的纪要" };

/** @param {import("./meeting.js").PanelProps} props after the meeting: the one next thing is the record */
export function MinutesLink({ panels }) {
  const { minutes } = panels;
  if (!minutes) return null;
  return html`<div class="go"><a class="button" href=${minutes.url}>${NEXT[minutes.state] || "会议纪要"}</a></div>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Elsewhere({ hall }) {
  const room = `/meetings/${hall.page.meeting}`;
  return html`<div class="block elsewhere">
    <h2><span>别的屏幕</span></h2>
    <ul>
      <li><a href=${`${room}/projector`} target="_blank" rel="noopener">打开大屏窗口</a><span class="quiet">拖到投影上，按F11全屏</span></li>
      <li><a href=${`${room}/desk`} target="_blank" rel="noopener">签到台</a><span class="quiet">给没带手机的人登记</span></li>
    </ul>
  </div>`;
}
