// Follows what happens in the room: asks for a part of the page that changes, and makes the old one like it. What is the
// same stays, so that bars grow instead of being drawn anew. Without this file, the wall is loaded anew now and then, and
// the facilitator's page has a link for it.
function update(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType === Node.ELEMENT_NODE) {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  after.forEach((child, place) => (place < before.length ? update(before[place], child) : old.append(child)));
  before.slice(after.length).forEach((child) => child.remove());
}

function follow(part) {
  let before = null;
  async function look() {
    if (document.hidden) return;
    let text;
    try {
      const answer = await fetch(part.dataset.look, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      text = await answer.text();
    } catch {
      return; // The next look may succeed: what stands there stays.
    }
    // Not under somebody's fingers, where a button might become another: then at a later look.
    if (text === before || part.contains(document.activeElement) || part.querySelector("button:hover")) return;
    const fresh = part.cloneNode(false);
    fresh.innerHTML = text;
    update(part, fresh);
    before = text;
  }
  window.setInterval(look, Number(part.dataset.seconds) * 1000);
}

document.querySelectorAll("[data-look]").forEach(follow);
