// Panel `speaker_queue` on the phone: ask for the floor, know my place, and be told when I am next.
import { html, signal, useEffect } from "../../vendor/ui.js";
import { secondsInWords } from "../kernel/clock.js";
import { later } from "../kernel/later.js";
import { allowed, isWaiting } from "../kernel/wishes.js";
import { useSecondsLeft } from "../marks/countdown.js";
import { Stance } from "../marks/signs.js";
import { Action, vibrate } from "./action.js";
import { currentItem } from "./agenda.js";
import { Frame } from "./meeting.js";

const STANCES = ["for", "against", "question", "addition"];

/** The stance somebody has picked for an item but not sent; it outlives every update. */
const picked = signal({ item: "", stance: "" });

/** @param {any} panels @returns {number} 0 is next, −1 does not wait */
export function myPlace(panels) {
  const { me, speaker_queue: queue } = panels;
  return me && queue ? queue.order.indexOf(me.seat) : -1;
}

/** @param {any} panels @returns {string} */
export function myStance(panels) {
  const mine = panels.speaker_queue.waiting.find((/** @type {any} */ hand) => hand.seat === panels.me.seat);
  return mine ? mine.stance : "";
}

/** @param {{hall: import("../kernel/page.js").Hall, item: any}} props */
function StanceChoice({ hall, item }) {
  const chosen = picked.value.item === item.id ? picked.value.stance : "";
  return html`<fieldset>
    <legend>先表态，再说理。您的立场是</legend>
    <div class="stance-choice">
      ${STANCES.map(
        (stance) =>
          html`<label key=${stance}><input type="radio" name="stance" value=${stance} checked=${chosen === stance} onChange=${() => {
            picked.value = { item: item.id, stance };
          }} /><span>${hall.words.stances[stance]}</span></label>`,
      )}
    </div>
  </fieldset>`;
}

export const handPart = later(() => import("./hand.js"));

/** @param {import("./meeting.js").PanelProps} props what lies under the thumb while the debate is open */
export function RequestFloor({ hall, panels }) {
  const item = currentItem(panels);
  const { speaker_queue: queue } = panels;
  const may = allowed(panels);
  const place = myPlace(panels);
  const more = queue.open ? handPart() : null;
  if (place >= 0)
    return html`<p class="pad-hint">您排在第${place + 1}位${place > 0 ? `，前面有${place}人${more ? more.waitWords({ hall, panels }, place) : ""}` : ""}。</p>
      <${Action} hall=${hall} name="floor.withdraw" label="这次不说了，放下申请" weight="second" />${more ? html`<${more.ChangeStance} hall=${hall} panels=${panels} />` : null}`;
  if (!may.includes("floor.request") || item === null) return null;
  const needsStance = item.has_motion;
  const stance = !needsStance ? "talk" : picked.value.item === item.id ? picked.value.stance : "";
  const button =
    stance === "" && !isWaiting(hall.room, "floor.request")
      ? html`<button class="button big" type="button" disabled>先选立场</button>`
      : html`<${Action} hall=${hall} name="floor.request" data=${{ stance }} label="申请发言" />`;
  return html`${needsStance ? html`<${StanceChoice} hall=${hall} item=${item} />` : null}${button}
    <p class="pad-hint">${queue.length ? `前面有${queue.length}人等候。` : "现在没有人等候。"}</p>${more ? html`<${more.PointOfOrder} hall=${hall} />` : null}`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Next({ hall, panels }) {
  const { floor, me } = panels;
  const left = useSecondsLeft(hall, floor);
  const stance = myStance(panels);
  useEffect(() => {
    vibrate([200, 120, 200]);
  }, [me.seat]);
  const thumb = html`<${Action} hall=${hall} name="floor.withdraw" label="这次不说了，放下申请" weight="second" />`;
  const rest =
    left !== null && left > 0 ? html`，<br />大约还有<b class="num">${secondsInWords(left)}</b>` : "";
  return html`<${Frame} hall=${hall} panels=${panels} kind="turn" thumb=${thumb}>
    <div role="status"><h1 class="call">下一位<br />是您</h1></div>
    <p class="before">${floor.speaker ? html`${floor.speaker.name}正在发言${rest}。` : "请准备好，等主持人请您发言。"}</p>
    ${stance && stance !== "talk" ? html`<p class="mine"><span>您的立场　<${Stance} stance=${stance} words=${hall.words} /></span></p>` : null}
    <ul class="rules-list">
      ${stance && stance !== "talk" ? html`<li>先说赞成还是反对，再说理由</li>` : null}
      <li>面向主持人，说事不说人</li>
      <li>每次不超过${secondsInWords(floor.allowance_seconds)}</li>
    </ul>
  </${Frame}>`;
}
