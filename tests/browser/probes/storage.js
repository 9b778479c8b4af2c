// What the page has kept in the reader's browser.
async () => {
  const kept = [];
  for (const name of ["localStorage", "sessionStorage"]) {
    if (window[name].length) kept.push(`${name}: ${Object.keys(window[name])}`);
  }
  for (const { name } of await indexedDB.databases()) kept.push(`indexedDB: ${name}`);
  if (window.caches) for (const name of await caches.keys()) kept.push(`cache: ${name}`);
  if (navigator.serviceWorker) {
    for (const worker of await navigator.serviceWorker.getRegistrations()) kept.push(`worker: ${worker.scope}`);
  }
  return kept;
}
