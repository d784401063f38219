// Panel `minutes` on the phone: from here to reading and signing.
import { html } from "../../vendor/ui.js";

/** @param {any} panels */
export function minutesThumb(panels) {
  const { minutes, me } = panels;
  if (!minutes || !minutes.url || minutes.state === "draft") return null;
  const maySign = minutes.state === "signing" && me;
  return html`<a class="button big" href=${minutes.url}>${maySign ? "看纪要，签字" : "看会议纪要"}</a>`;
}

/** @param {{panels: any}} props */
export function MinutesLine({ panels }) {
  const { minutes } = panels;
  if (!minutes || minutes.state === "draft")
    return html`<p class="after">纪要正在整理。请留步，听记录人念一遍再签字。</p>`;
  if (minutes.state === "signing")
    return html`<p class="after">纪要已经念完，请签字。已签 ${minutes.signed} / ${minutes.signatories} 人。</p>`;
  return html`<p class="after">纪要已经公布，谢谢您参加。</p>`;
}
