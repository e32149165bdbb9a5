// Opens the chat in place where there is one; without this the links lead to its page.
addEventListener("click", (event) => {
  const link = event.target.closest("[data-open-chat]");
  if (!link || !window.Yingda || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  window.Yingda("open");
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
