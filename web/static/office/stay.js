// Writing counts as using the page: who fills in a long form is not signed out meanwhile. Says so when it happened.
const EVERY_MS = 5 * 60 * 1000;
const NOTICE = "登录已经自动退出：写好的内容请先复制下来，重新登录以后再提交。";
let saidAt = Date.now();

async function stay() {
  if (Date.now() - saidAt < EVERY_MS) return;
  saidAt = Date.now();
  try {
    const answer = await fetch("/office/stay", {
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
    });
    if (answer.status !== 204 && !document.getElementById("signed-out")) tell();
  } catch {
    saidAt = 0; // no network at the moment: asked again with the next letter
  }
}

function tell() {
  const notice = document.createElement("div");
  notice.id = "signed-out";
  notice.className = "notice";
  notice.dataset.kind = "refused";
  notice.setAttribute("role", "alert");
  const words = document.createElement("strong");
  words.textContent = NOTICE;
  notice.append(words);
  document.getElementById("main")?.prepend(notice);
}

document.addEventListener("input", stay);
