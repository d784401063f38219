// Panel `consent` on the console: the question was asked, the answer is recorded.
import { html } from "../../vendor/ui.js";
import { ActButton } from "./act.js";
import { guides } from "./guide.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Consent({ hall, panels }) {
  const { consent } = panels;
  if (!consent) return null;
  const yes = { name: "consent.record", data: { item: consent.item, objection: false }, label: "没有异议" };
  const no = { name: "consent.record", data: { item: consent.item, objection: true }, label: "有人有异议" };
  return html`<div class="block consent">
    <h2><span>询问异议</span><span>有异议就不作决议，可以再议、表决</span></h2>
    <p class="song text">${consent.text}</p>
    ${hall.page.role === "secretary" || guides(panels, "consent.record") ? null : html`<div class="pair"><${ActButton} hall=${hall} act=${yes} /><${ActButton} hall=${hall} act=${no} /></div>`}
  </div>`;
}
