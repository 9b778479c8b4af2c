// While a bulletin is sent, the page asks every few seconds how far it has come. Without this, a link refreshes it.
const part = document.getElementById("progress");
const SECONDS = 3;

async function look() {
  const before = part.querySelector("[data-state]").dataset.state;
  try {
    const answer = await fetch(part.dataset.url, { credentials: "same-origin" });
    if (!answer.ok) return;
    part.innerHTML = await answer.text();
  } catch {
    return; // The next look may succeed.
  }
  // The buttons below belong to the state: a new one needs the whole page.
  if (part.querySelector("[data-state]").dataset.state !== before) window.location.reload();
}

if (part) window.setInterval(look, SECONDS * 1000);
