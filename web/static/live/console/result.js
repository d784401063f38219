// Panel `result` on the console, which sees it from the closing on, before the room does.
import { html } from "../../vendor/ui.js";
import { Seal } from "../marks/signs.js";

/** @param {import("./meeting.js").PanelProps} props */
export function Result({ hall, panels }) {
  const { result, poll } = panels;
  if (!result) return null;
  const isPublic = result.poll === null || (poll && poll.id === result.poll && poll.state === "published");
  return html`<div class="block result">
    <h2><span>${isPublic ? "结果已公布" : "结果（还没有公布，只有主持台看得到）"}</span></h2>
    <div class="verdict"><${Seal} outcome=${result.seal} words=${hall.words} /><p class="song">${result.sentence}</p></div>
  </div>`;
}
