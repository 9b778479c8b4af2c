// Text that is cut off: its own box hides what doesn't fit.
() => {
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    // One pixel boxes hold text for screen readers only.
    if (box.width <= 2 || box.height <= 2 || !element.textContent.trim()) continue;
    const hides = (value) => value === "hidden" || value === "clip";
    const wide = hides(style.overflowX) && element.scrollWidth > element.clientWidth + 2;
    const tall = hides(style.overflowY) && element.scrollHeight > element.clientHeight + 2;
    if (wide || tall || (style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth)) {
      found.push(`${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.trim().slice(0, 60)}`);
    }
  }
  return found.slice(0, 8);
}
