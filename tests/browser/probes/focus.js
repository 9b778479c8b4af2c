// Where the focus is, and what is wrong with how it shows. Null when it has left the page's content.
() => {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  // A field for a date takes several steps: day, month, year and calendar.
  const within = element === window.__last;
  window.__last = element;
  const wrong = [];
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!element.matches(":focus-visible") && !within) wrong.push("has no visible focus");
  else if (!outlined && style.boxShadow === "none") wrong.push("shows no outline and no ring");
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
    wrong.push("is outside the window");
  } else {
    // A link that runs over two lines has a box for each; the middle of its first is always its own.
    const first = [...element.getClientRects()].find((part) => part.width && part.height) || box;
    const inside = (value, most) => Math.min(Math.max(value, 1), most - 1);
    const x = inside(first.left + first.width / 2, innerWidth);
    const y = inside(first.top + first.height / 2, innerHeight);
    const top = document.elementFromPoint(x, y);
    if (top && !element.contains(top) && !top.contains(element) && ![...(element.labels || [])].some((label) => label.contains(top))) {
      wrong.push(`is covered by ${top.tagName.toLowerCase()}.${top.className}`);
    }
  }
  window.__walk ||= new Map();
  const again = window.__walk.has(element) && !within;
  if (!again) window.__walk.set(element, true);
  const name = `${element.tagName.toLowerCase()}.${element.className}: ` +
    (element.innerText || element.getAttribute("aria-label") || element.name || "").trim().slice(0, 50);
  return { name, wrong, again, within, id: element.id, href: element.getAttribute("href") };
}
