// The wall's page in pavilion mode: says when the first phone is through, and follows this machine to a new address.

const said = document.getElementById("said");
const ways = document.getElementById("ways");

async function look() {
  try {
    const answer = await fetch("/hall/state", { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) return;
    const state = await answer.json();
    if (state.url !== document.body.dataset.url) {
      location.reload();
      return;
    }
    if (said) {
      said.textContent = state.said;
      said.dataset.phones = state.phones;
    }
    if (ways) ways.dataset.help = state.help ? "yes" : "no";
  } catch {
    // The server is away for a moment: what is on the wall stays.
  }
}

setInterval(look, 3000);
look();
