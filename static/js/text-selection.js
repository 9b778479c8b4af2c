// Words that are selected in an answer go into the form beside it, with the place where they stand. Without this, they
// are copied by hand.
const form = document.getElementById("span-form");

// What the server counts: characters, where the browser counts halves of some of them. Marks that aren't words are skipped.
function offset(answer, node, at) {
  const range = document.createRange();
  range.setStart(answer, 0);
  range.setEnd(node, at);
  const copy = range.cloneContents();
  for (const mark of copy.querySelectorAll("[data-skip]")) mark.remove();
  return [...copy.textContent].length;
}

function answerAround(node) {
  return (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-place]");
}

function take() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const answer = answerAround(range.startContainer);
  if (!answer || answer !== answerAround(range.endContainer)) return;
  const start = offset(answer, range.startContainer, range.startOffset);
  const end = offset(answer, range.endContainer, range.endOffset);
  if (end <= start) return;
  const whole = document.createRange();
  whole.selectNodeContents(answer);
  const text = whole.cloneContents();
  for (const mark of text.querySelectorAll("[data-skip]")) mark.remove();
  const words = [...text.textContent].slice(start, end).join("");
  form.elements.anchor.value = answer.dataset.place;
  form.elements.words.value = words;
  form.elements.start.value = start;
  form.elements.end.value = end;
  document.getElementById("span-status").textContent = `Taken: ${words.slice(0, 80)}`;
}

if (form) {
  document.getElementById("span-hint").textContent = "Select words in an answer, or choose an answer and copy the words from it.";
  document.addEventListener("mouseup", take);
  document.addEventListener("keyup", (event) => {
    if (event.shiftKey || event.key === "Shift") take();
  });
  document.addEventListener("touchend", () => window.setTimeout(take));
  // Another answer, or other words: what was selected is no longer meant.
  for (const name of ["anchor", "words"]) {
    form.elements[name].addEventListener("input", () => {
      form.elements.start.value = "";
      form.elements.end.value = "";
    });
  }
}
