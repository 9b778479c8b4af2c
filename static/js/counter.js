// Below a long box, once somebody is in it: how many words stand there, and how many characters are left of those that
// the hint above it names. Screen readers hear of it near the end, when nothing has been typed for a moment. The server
// checks the length; without this script, only the hint says it.
const PAUSE = 1000;
const NEAR = 0.1;
const counters = new WeakMap();

function isLongBox(element) {
  const isText = element.tagName === "TEXTAREA" && !element.readOnly && element.offsetParent !== null;
  return isText && !element.hasAttribute("data-draftail-input");
}

function inWords(count, one) {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : `${one}s`}`;
}

// Characters are counted as the server counts them: an emoji is one, and blanks at either end are none.
function count(box) {
  const text = box.value.trim();
  const most = Number(box.dataset.maxLength) || box.maxLength;
  const left = most > 0 ? most - [...text].length : null;
  const words = inWords(text ? text.split(/\s+/).length : 0, "word");
  if (left === null) return { shown: words, said: "" };
  const room = left < 0 ? `${inWords(-left, "character")} too many` : `${inWords(left, "character")} left`;
  return { shown: `${words}, ${room}`, said: left <= most * NEAR ? room : "" };
}

function add(box) {
  const shown = document.createElement("p");
  shown.className = "counter";
  // What is read out is in an element of its own, so that not every letter is.
  shown.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "visually-hidden w-sr-only";
  said.setAttribute("role", "status");
  box.after(shown, said);
  counters.set(box, { shown, said, timer: 0 });
}

function update(box) {
  const counter = counters.get(box);
  const { shown, said } = count(box);
  counter.shown.textContent = shown;
  clearTimeout(counter.timer);
  counter.timer = setTimeout(() => {
    if (counter.said.textContent !== said) counter.said.textContent = said;
  }, PAUSE);
}

document.addEventListener("focusin", ({ target }) => {
  if (!isLongBox(target)) return;
  if (!counters.has(target)) add(target);
  update(target);
});
document.addEventListener("input", ({ target }) => {
  if (counters.has(target)) update(target);
});
