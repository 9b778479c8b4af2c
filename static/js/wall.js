// Follows what happens in the room: asks for the part that changes, and puts it in the place of the old one when it is
// another. Without this file, the wall is loaded anew now and then, and the facilitator's page has a link for it.
function follow(part) {
  let before = null;
  async function look() {
    if (document.hidden) return;
    let text;
    try {
      const answer = await fetch(part.dataset.look, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      text = await answer.text();
    } catch {
      return; // The next look may succeed: what stands there stays.
    }
    // Not under somebody's fingers: then at a later look.
    if (text === before || part.contains(document.activeElement)) return;
    part.innerHTML = text;
    before = text;
  }
  window.setInterval(look, Number(part.dataset.seconds) * 1000);
}

document.querySelectorAll("[data-look]").forEach(follow);
