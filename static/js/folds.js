// Opens the fold that a link on the page leads into. Browsers do so by themselves by and by; until then this does.
function openFoldsAround(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (target) target.scrollIntoView();
}

addEventListener("hashchange", () => openFoldsAround(location.hash));
openFoldsAround(location.hash);
