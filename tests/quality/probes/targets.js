// Things to press that are too small: 24 px anywhere, 44 px high for the controls of a form in the page's content.
// A link within a sentence is exempt, as in WCAG 2.5.8; a control's label counts as part of it.
() => {
  const found = [];
  const shown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length;
  const withinSentence = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (getComputedStyle(parent).display === "inline") continue;
      return parent.innerText.trim().length > element.innerText.trim().length;
    }
    return false;
  };
  const size = (element) => {
    const boxes = [element, ...(element.labels || [])].map((part) => part.getBoundingClientRect());
    return [
      Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left)),
      Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top)),
    ];
  };
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!shown(element) || element.type === "hidden" || withinSentence(element)) continue;
    // Out of sight until it has focus: the way to skip to the content.
    if (element.getBoundingClientRect().bottom <= 0) continue;
    const [width, height] = size(element);
    const control = element.matches("main form :is(button, input, select, textarea)");
    if (width < 23.5 || height < (control ? 43.5 : 23.5)) {
      found.push(`${element.tagName.toLowerCase()}.${element.className} is ${Math.round(width)} × ${Math.round(height)} px: ` +
        `${(element.innerText || element.name || "").trim().slice(0, 40)}`);
    }
  }
  return found.slice(0, 10);
}
