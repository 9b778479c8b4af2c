// What reaches beyond the right or left edge of the window and isn't inside something that scrolls by itself.
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const scrollsItself = (element) => {
    for (let parent = element.parentElement; parent && parent !== root; parent = parent.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(parent).overflowX)) return true;
    }
    return false;
  };
  const name = (element) =>
    element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "") +
    (typeof element.className === "string" && element.className ? `.${element.className.trim().replace(/\s+/g, ".")}` : "");
  const found = [`page is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px`];
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width && box.right > root.clientWidth + 1 && !scrollsItself(element)) {
      found.push(`${name(element)} reaches ${Math.round(box.right)} px: ${element.textContent.trim().slice(0, 40)}`);
    }
  }
  return found.slice(0, 8);
}
