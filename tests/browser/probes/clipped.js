// Text that is cut off: it reaches beyond a box that hides what doesn't fit.
() => {
  const found = [];
  const hides = (value) => value === "hidden" || value === "clip";
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (!hides(style.overflowX) && !hides(style.overflowY)) continue;
    const box = element.getBoundingClientRect();
    // Boxes of one pixel hold text for screen readers only.
    if (box.width <= 2 || box.height <= 2) continue;
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const cut = [...range.getClientRects()].some(
        (part) =>
          part.width > 2 && part.height > 2 &&
          ((hides(style.overflowX) && (part.right > box.right + 2 || part.left < box.left - 2)) ||
            (hides(style.overflowY) && (part.bottom > box.bottom + 2 || part.top < box.top - 2))),
      );
      if (cut) found.push(`${element.tagName.toLowerCase()}.${element.className} cuts: ${node.data.trim().slice(0, 60)}`);
    }
  }
  return found.slice(0, 8);
}
