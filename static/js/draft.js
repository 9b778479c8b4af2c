// What somebody types on a page of a form stays in their browser until it has arrived, so that a closed tab, an empty
// battery or bad Wi-Fi loses nothing. Only what was typed and not saved is kept: nothing, for somebody who only looks.
// Pages work without this. Where a browser allows no storage, nothing happens.
const PREFIX = "draft:";
const DAYS = 14;

const store = (() => {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
})();

function read(name) {
  try {
    return JSON.parse(store.getItem(name));
  } catch {
    return null;
  }
}

function names() {
  return Object.keys(store).filter((name) => name.startsWith(PREFIX));
}

function controls(form) {
  return [...form.elements].filter(
    (control) => control.name && control.name !== "code" && !["hidden", "submit", "button"].includes(control.type),
  );
}

// What is in the form, as [name, value] of all that is filled in: now, or as the server sent it. Browsers may fill a
// form in again by themselves when it is loaded anew, so the two differ even then.
function filled(form, asSent = false) {
  const given = [];
  for (const control of controls(form)) {
    const isBox = ["radio", "checkbox"].includes(control.type);
    const isChosen = !isBox || (asSent ? control.defaultChecked : control.checked);
    const value = asSent && !isBox ? control.defaultValue : control.value;
    if (isChosen && value) given.push([control.name, value]);
  }
  return JSON.stringify(given);
}

function restore(form, values) {
  const given = new Map();
  for (const [name, value] of JSON.parse(values)) given.set(name, [...(given.get(name) || []), value]);
  for (const control of controls(form)) {
    const wanted = given.get(control.name) || [];
    if (["radio", "checkbox"].includes(control.type)) control.checked = wanted.includes(control.value);
    else control.value = wanted[0] ?? "";
    // What is folded away would not be seen to have come back.
    if (control.value && control.tagName === "TEXTAREA") control.closest("details")?.setAttribute("open", "");
  }
}

function tell(form, forget) {
  const note = document.createElement("div");
  note.className = "callout";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = "What you typed here before is back. It is kept in this browser only, until you save the page.";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet small";
  button.textContent = "Remove it";
  button.addEventListener("click", () => {
    forget();
    note.replaceChildren(Object.assign(document.createElement("p"), { textContent: "Removed." }));
  });
  note.append(words, button);
  form.before(note);
}

function keep(form) {
  const name = PREFIX + form.dataset.draft;
  const draft = read(name);
  // What the server holds for this page. After an error the page shows what was typed, which the server doesn't hold.
  const held = "unsaved" in form.dataset ? (draft?.held ?? "[]") : filled(form, true);

  function write() {
    const now = filled(form);
    try {
      if (now === held) store.removeItem(name);
      else store.setItem(name, JSON.stringify({ at: Date.now(), held, values: now }));
    } catch {
      // No room left, or none allowed: the page goes on without.
    }
  }

  if (draft && !("unsaved" in form.dataset)) {
    if (draft.held === held && draft.values !== held) {
      restore(form, draft.values);
      tell(form, () => {
        restore(form, held);
        store.removeItem(name);
      });
    } else {
      // It was saved since, here or in another tab.
      store.removeItem(name);
    }
  }
  // At once: a page may be gone in the middle of a word, and what is written while it goes may not arrive.
  form.addEventListener("input", write);
}

if (store) {
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const name of names()) if (!(read(name)?.at > oldest)) store.removeItem(name);
  const arrived = document.querySelector("[data-arrived]");
  if (arrived) {
    const gone = PREFIX + arrived.dataset.arrived;
    for (const name of names()) if (name.startsWith(gone)) store.removeItem(name);
  }
  const form = document.querySelector("form[data-draft]");
  if (form) keep(form);
}
