// 回避 on the phone: who has an interest of their own in an item stands aside before the question is put.
import { html, signal } from "../../vendor/ui.js";
import { Action } from "./action.js";
import { currentItem } from "./agenda.js";
import { myRecusal } from "./me.js";

const asking = signal("");

/** @param {import("./meeting.js").PanelProps} props */
export function Aside({ hall, panels }) {
  const { meeting, me, poll, consent } = panels;
  const item = currentItem(panels);
  if (!me || item === null || meeting.state !== "open") return null;
  const mine = myRecusal(panels);
  const isAsked = consent !== null || (poll !== null && poll.state === "open");
  const match = { item: item.id };
  if (mine) {
    const mayReturn = !isAsked && mine.by === "self";
    return html`<p class="after"><b>您在本项回避，不参加表决。</b>${mine.by === "desk" ? `理由：${mine.reason}。` : ""}</p>
      ${mayReturn ? html`<${Action} hall=${hall} name="recusal.withdraw" data=${match} match=${match} label="撤回回避" weight="second" />` : null}`;
  }
  if (isAsked || !item.announced || item.outcome) return null;
  if (asking.value !== item.id)
    return html`<p class="after"><button class="button second" type="button" onClick=${() => {
      asking.value = item.id;
    }}>这一项和我有利害关系，我要回避</button></p>`;
  function close() {
    asking.value = "";
  }
  return html`<div class="after"><p>回避以后，这一项您不参加表决，纪要写明您回避；仍算到会，仍可以发言。</p>
    <${Action} hall=${hall} name="recusal.record" data=${match} match=${match} label="我回避" weight="second" done=${close} />
    <button class="button second" type="button" onClick=${close}>不回避</button></div>`;
}
