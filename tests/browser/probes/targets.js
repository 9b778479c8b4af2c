// Things to press that are too small: 24 px anywhere, 44 px high for the controls of a form in the page's content.
// A link within a sentence is exempt, as in WCAG 2.5.8; a control's label counts as part of it, and so does
// anything else that answers to a press, such as room around a link that only its style sheet knows of.
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
  const outer = (element) => {
    const boxes = [element, ...(element.labels || [])].map((part) => part.getBoundingClientRect());
    return {
      left: Math.min(...boxes.map((box) => box.left)),
      right: Math.max(...boxes.map((box) => box.right)),
      top: Math.min(...boxes.map((box) => box.top)),
      bottom: Math.max(...boxes.map((box) => box.bottom)),
    };
  };
  const answersAt = (element, x, y) => {
    const top = document.elementFromPoint(x, y);
    return Boolean(top) && (element.contains(top) || [...(element.labels || [])].some((label) => label.contains(top)));
  };
  // Whether it answers that far from its middle, on both sides.
  const answers = (element, across, along) => {
    element.scrollIntoView({ block: "center" });
    const box = outer(element);
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return [[-1, 0], [1, 0], [0, -1], [0, 1]].every(
      ([right, down]) => answersAt(element, x + right * (across / 2 - 1), y + down * (along / 2 - 1)),
    );
  };
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!shown(element) || element.type === "hidden" || withinSentence(element)) continue;
    const box = outer(element);
    // Out of sight until it has focus: the way to skip to the content.
    if (box.bottom + scrollY <= 0) continue;
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    const least = element.matches("main form :is(button, input, select, textarea)") ? 44 : 24;
    if ((width < 23.5 || height < least - 0.5) && !answers(element, 24, least)) {
      found.push(`${element.tagName.toLowerCase()}.${element.className} is ${Math.round(width)} × ${Math.round(height)} px: ` +
        `${(element.innerText || element.name || "").trim().slice(0, 40)}`);
    }
  }
  return found.slice(0, 10);
}
