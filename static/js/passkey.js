// Shows the buttons that need a passkey where the browser knows passkeys, and says so when one fails.
if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll(".passkey-button")) button.hidden = false;
  for (const note of document.querySelectorAll(".passkey-missing")) note.hidden = true;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-problem").hidden = false;
});
