// A button beside each citation that copies it. Made when the citation is first opened; without this file, or where
// a browser doesn't let pages copy, the text is there to be selected.
const CITATIONS = "details.cite, .slip";

function offerToCopy(cite) {
  if (cite.querySelector("[role=status]")) return;
  const text = cite.querySelector("p.text") ?? cite.querySelector("p");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet small";
  button.textContent = "Copy";
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = "Not copied. The citation is selected, so that you can copy it yourself.";
    }
  });
  (cite.querySelector(".do") ?? cite).append(button, status);
}

if (navigator.clipboard) {
  // The event doesn't rise from the element, but it can be caught on its way there.
  document.addEventListener("toggle", (event) => event.target.matches(CITATIONS) && offerToCopy(event.target), true);
  document.querySelectorAll("details.cite[open]").forEach(offerToCopy);
}
