// Panel `ideas` on the wall: the question, and what was said to it, by group and without names.
import { html } from "../../vendor/ui.js";
import { ItemHead } from "./agenda.js";

// how many ideas of a group stand on the wall, by the number of groups
const ROOM = [
  { groups: 1, layout: "one", ideas: 8 },
  { groups: 3, layout: "few", ideas: 5 },
  { groups: 6, layout: "some", ideas: 2 },
  { groups: 99, layout: "many", ideas: 0 },
];

/** @param {any} panels @returns {boolean} a closed board makes room for a motion */
export function showsIdeas(panels) {
  const { ideas, motion } = panels;
  return Boolean(ideas && (ideas.open || (ideas.shown && !motion)));
}

/** @param {{group: any, most: number}} props */
function Group({ group, most }) {
  const rest = group.ideas.length - most;
  return html`<li>
    <h2><span>${group.name || "还没有归类"}</span><b>${group.ideas.length}</b></h2>
    ${most ? html`<ul>${group.ideas.slice(-most).map((/** @type {any} */ idea) => html`<li key=${idea.id}>${idea.text}${idea.name ? `（${idea.name}）` : ""}</li>`)}</ul>` : null}
    ${most && rest > 0 ? html`<p class="kicker">还有${rest}条</p>` : null}
  </li>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Ideas({ panels }) {
  const { ideas } = panels;
  const { groups } = ideas;
  const room = ROOM.find((one) => groups.length <= one.groups) || ROOM[3];
  return html`<main class="projector-body ideas">
    <${ItemHead} panels=${panels} note="征集意见" />
    <div>
      <h1 class="question">${ideas.question}</h1>
      ${groups.length ? html`<ol class="groups" data-layout=${room.layout}>${groups.map((/** @type {any} */ group) => html`<${Group} key=${group.name} group=${group} most=${room.ideas} />`)}</ol>` : html`<p class="lead">想到什么就写什么，一条写一件事。</p>`}
    </div>
    <p class="kicker">${ideas.open ? `请在手机上写，每人最多${ideas.per_person}条；没有手机的，请告诉记录人。` : "征集已经结束。"}已有${ideas.shown}条${ideas.waiting ? `，还有${ideas.waiting}条等记录人看过` : ""}。</p>
  </main>`;
}
