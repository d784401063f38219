// The ticket stands behind the # of a card's QR: it never reaches a server's log or a referrer.
// Nothing is sent by itself, because link previews and scanners open pages too.

const ticket = new URLSearchParams(location.hash.slice(1)).get("t");
const field = document.getElementById("ticket");
const row = document.getElementById("by-hand");
const lead = document.getElementById("lead");

if (ticket && row && lead && field instanceof HTMLInputElement) {
  field.value = ticket;
  row.hidden = true;
  lead.textContent = "入会码已经认出来了，按下面的按钮入会。";
}
