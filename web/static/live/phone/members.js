// Below a result: the parties' figures, after a named poll who chose what, for every member to check (R82), and the word of one who did not agree (R81).
import { html, signal } from "../../vendor/ui.js";
import { Action } from "./action.js";

const written = signal({ poll: "", text: "" });

/** @param {{result: any}} props grouped by choice, as it is read out */
function WhoChoseWhat({ result }) {
  if (!result.ballots || !result.ballots.length) return null;
  return html`<details class="who"><summary>谁投了什么（${result.ballots.length}人）</summary>
    ${result.options.map((/** @type {any} */ option) => {
      const names = result.ballots.filter((/** @type {any} */ one) => one.choice === option.id);
      return names.length
        ? html`<p key=${option.id}><b>${option.text}</b> ${names.map((/** @type {any} */ one) => one.name).join("、")}</p>`
        : null;
    })}
  </details>`;
}

/** @param {any} panels @returns {boolean} */
function mayDissent({ me, result, poll }) {
  if (!me || !poll || result.poll !== poll.id || poll.state !== "published") return false;
  if (result.method === "hands") return !poll.recused.includes(me.seat);
  const against = (/** @type {any} */ one) => one.seat === me.seat && one.choice === "against";
  return Boolean(result.ballots) && result.ballots.some(against);
}

/** @param {import("./meeting.js").PanelProps} props */
function Dissent({ hall, panels }) {
  const { me, result } = panels;
  if (!mayDissent(panels)) return null;
  const kept = result.dissents.find((/** @type {any} */ one) => one.seat === me.seat);
  const draft = written.value.poll === result.poll ? written.value.text : "";
  const text = draft.trim();
  return html`<details class="who"><summary>${kept ? "您的保留意见已经记下" : "不同意这个结果，可以写保留意见"}</summary>
    ${kept ? html`<p>“${kept.text}”</p>` : null}
    <label for="dissent">原样印在纪要里，200字以内。</label>
    <textarea id="dissent" rows="3" maxlength="200" value=${draft} onInput=${(/** @type {any} */ event) => {
      written.value = { poll: result.poll, text: event.target.value };
    }}></textarea>
    ${
      text
        ? html`<${Action} hall=${hall} name="dissent.record" data=${{ poll: result.poll, text }} match=${{ poll: result.poll }} label=${kept ? "换成这一段" : "交给记录人"} weight="second" done=${(
            /** @type {any} */ answer,
          ) => {
            if (answer.ok) written.value = { poll: "", text: "" };
          }} />`
        : null
    }
  </details>`;
}

/** @param {{result: any, words: any}} props */
function PartyTable({ result, words }) {
  const options =
    result.options || ["for", "against", "abstain"].map((id) => ({ id, text: words.options[id] }));
  return html`<table class="party-tally">
    <thead><tr><th>各方</th>${options.map((/** @type {any} */ option) => html`<th key=${option.id}>${option.text}</th>`)}</tr></thead>
    <tbody>
      ${result.parties.map(
        (/** @type {any} */ party) =>
          html`<tr key=${party.id}><td>${party.name}</td>${options.map((/** @type {any} */ option) => html`<td key=${option.id}>${party.tally[option.id] || 0}</td>`)}</tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {import("./meeting.js").PanelProps} props what stands below the verdict */
export function Members({ hall, panels }) {
  const { result } = panels;
  return html`${result.parties ? html`<${PartyTable} result=${result} words=${hall.words} />` : null}
    <${WhoChoseWhat} result=${result} /><${Dissent} hall=${hall} panels=${panels} />`;
}
