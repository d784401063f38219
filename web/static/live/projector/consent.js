// Panel `consent` on the wall: the question to the room, 有没有异议.
import { html } from "../../vendor/ui.js";
import { Prose } from "../marks/prose.js";
import { ItemHead } from "./agenda.js";
import { lengthOf } from "./poll.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Consent({ panels }) {
  const { consent } = panels;
  return html`<main class="projector-body consent">
    <${ItemHead} panels=${panels} note="询问异议" />
    <div>
      <p class="kicker"><b><i class="dot"></i>主持人问大家</b></p>
      <p class="text" data-length=${lengthOf(consent.text)} data-alone=${consent.text.length <= 34 ? "yes" : undefined}><${Prose} text=${consent.text} /></p>
      <p class="call">大家有没有异议？</p>
    </div>
    <p class="kicker">有异议的，请举手或者说出来。没有异议，就算通过。</p>
  </main>`;
}
