// Panel `procedure` on the phone: what the room just decided about its own course.
import { html } from "../../vendor/ui.js";
import { handsWords } from "../marks/hands.js";

/** @param {{panels: any}} props */
export function Procedure({ panels }) {
  const { procedure } = panels;
  return procedure ? html`<p class="after">${procedure.text}：${handsWords(procedure)}。</p>` : null;
}
