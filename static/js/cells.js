// A box for pasted cells also takes a file: its text is put into the box, and nothing is sent anywhere.
const BUTTON = "Read a CSV file into the box";
const LARGEST = 200_000;

function furnish(box) {
  if (box.dataset.cells === "ready") return;
  box.dataset.cells = "ready";
  const label = document.createElement("label");
  label.className = "button button-small button-secondary";
  label.textContent = BUTTON;
  const file = document.createElement("input");
  file.type = "file";
  file.accept = ".csv,.tsv,.txt,text/csv";
  file.className = "w-sr-only";
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen || chosen.size > LARGEST) return;
    box.value = await chosen.text();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
    file.value = "";
  });
  label.append(file);
  box.after(label);
}

const all = () => document.querySelectorAll("textarea[data-cells]").forEach(furnish);
all();
new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
