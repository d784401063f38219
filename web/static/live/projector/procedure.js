// Panel `procedure` on the wall: what the room just decided about its own course.
import { html } from "../../vendor/ui.js";
import { handsWords } from "../marks/hands.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Procedure({ panels }) {
  const { procedure } = panels;
  const by = procedure.proposer ? `${procedure.proposer.party} ${procedure.proposer.name}提出` : "主持人提出";
  return html`<main class="projector-body recess">
    <p class="kicker"><b>程序性动议</b> ${by}，到会${procedure.present}人</p>
    <h1 class="call" data-length=${procedure.text.length > 16 ? "long" : undefined}>${procedure.text}</h1>
    <p class="lead">${handsWords(procedure)}。</p>
  </main>`;
}
