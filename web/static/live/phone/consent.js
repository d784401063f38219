// Panel `consent` on the phone: the question to the room. It is answered aloud, so there is nothing to tap.
import { html } from "../../vendor/ui.js";
import { Changes } from "../marks/changes.js";
import { Prose } from "../marks/prose.js";
import { itemWords } from "./agenda.js";
import { Frame } from "./meeting.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Consent({ hall, panels }) {
  const { consent } = panels;
  return html`<${Frame} hall=${hall} panels=${panels} kind="ballot">
    <p class="kicker now"><b>主持人问大家有没有异议</b></p>
    <h1 class="motion">${consent.amendment ? html`<${Changes} changes=${consent.amendment.changes} />` : html`<${Prose} text=${consent.text} />`}</h1>
    <p class="nature">${itemWords(panels, consent.item)}</p>
    <p class="after">有异议，请举手或当面说出来。没有异议，就${consent.amendment ? "这样改" : "算通过"}。</p>
  </${Frame}>`;
}
