// Panel `poll` on the wall: the text and how many have voted. What they chose stays unseen until the end.
import { html } from "../../vendor/ui.js";
import { Changes, readText } from "../marks/changes.js";
import { Party } from "../marks/party.js";
import { Prose } from "../marks/prose.js";
import { cellsOf, Seats } from "../marks/seats.js";
import { crowdOf } from "./presence.js";

// two lines of the largest letters
const BRIEF = 36;

/**
 * A size for a text that must be read from eight metres and may not scroll.
 * @param {string} text
 * @returns {"short" | "medium" | "long" | "longest"}
 */
export function lengthOf(text) {
  return text.length <= 66
    ? "short"
    : text.length <= 110
      ? "medium"
      : text.length <= 180
        ? "long"
        : "longest";
}

/** @param {{party: any}} props */
function PartyRow({ party }) {
  const base = Math.max(party.present, party.cast);
  const cells = cellsOf([
    ["here", party.cast],
    ["none", base - party.cast],
  ]);
  return html`<li class="party-row">
    <${Party} party=${party} wide />
    <${Seats} cells=${cells} order=${party.order} label=${`${party.name}实到${base}人，已投${party.cast}人`} />
    <span class="count"><b>${party.cast}</b> / ${base}</span>
  </li>`;
}

/** @param {{poll: any}} props */
function AllSeats({ poll }) {
  const cells = cellsOf([
    ["here", poll.cast],
    ["none", Math.max(0, poll.present - poll.cast)],
  ]);
  return html`<div class="together" data-crowd=${Math.max(poll.present, poll.cast) <= 28 ? "few" : "many"}>
    <${Seats} cells=${cells} label=${`到会${poll.present}人，已投${poll.cast}人`} />
    <p class="kicker">无记名：保密性取决于服务器管理者。</p>
  </div>`;
}

/** @param {{poll: any}} props hands are counted in the room: the wall says whose */
function Raised({ poll }) {
  return html`<div>
    <p class="figure" data-digits=${poll.present > 99 ? "three" : "two"}>${poll.present}<small> 人参加表决</small></p>
    <p class="kicker">${poll.state === "open" ? html`请听主持人的口令举手，<br />两位代表当场计数。` : html`请等主持人公布结果。`}</p>
  </div>`;
}

/** @param {import("./meeting.js").PanelProps} props */
export function Poll({ hall, panels }) {
  const { poll } = panels;
  const { words } = hall;
  const isOpen = poll.state === "open";
  const base = poll.present;
  const { amendment } = poll;
  const read = amendment ? readText(amendment.changes) : poll.text;
  return html`<main class="projector-body polling">
    <p class="kicker">
      <b>${isOpen ? html`<i class="dot"></i>` : null}${isOpen ? "正在表决" : "表决已截止"}${amendment ? `第${amendment.number}条修改意见` : ""}</b>
      ${words.natures[poll.nature]} · ${poll.method === "hands" ? "举手表决" : words.secrecy[poll.secrecy]}${poll.nature === "sounding" ? " · 不替代业主共同决定" : poll.rule ? ` · ${poll.rule}通过` : ""}
    </p>
    <h1 class="text" data-length=${read.length <= BRIEF ? "brief" : lengthOf(read)}>${amendment ? html`<${Changes} changes=${amendment.changes} />` : html`<${Prose} text=${poll.text} />`}</h1>
    <section class="turnout">
      ${
        poll.method === "hands"
          ? html`<${Raised} poll=${poll} />`
          : html`<div>
        <p class="figure" data-digits=${base > 99 ? "three" : "two"}>${poll.cast}<small> / ${Math.max(base, poll.cast)} 人已投</small></p>
        <p class="kicker">${isOpen ? html`截止以前，谁也看不到<br />各选项有多少票。` : html`请等主持人公布结果。`}</p>
      </div>`
      }
      ${
        poll.method === "hands"
          ? null
          : poll.parties
            ? html`<ol class="party-rows" data-crowd=${crowdOf(poll.parties, 8)} data-parties=${poll.parties.length > 5 ? "many" : "few"}>
              ${poll.parties.map((/** @type {any} */ party) => html`<${PartyRow} key=${party.id} party=${party} />`)}
            </ol>`
            : html`<${AllSeats} poll=${poll} />`
      }
    </section>
  </main>`;
}
