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
// The form shows what the chosen category needs, and what may answer the question already, without its button.
const look = document.querySelector("[data-look]");
if (look) {
  const form = look.form;
  look.hidden = look.disabled = true;
  let turn = 0;
  const refresh = async (id) => {
    const mine = ++turn;
    const typed = new FormData(form);
    typed.delete("files");
    typed.set("do", "look");
    const answer = await fetch(form.action, { method: "POST", body: typed }).catch(() => undefined);
    if (!answer?.ok || mine !== turn) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById(id);
    if (next) document.getElementById(id)?.replaceChildren(...next.childNodes);
  };
  let rest;
  form.addEventListener("change", ({ target }) => /^(kind$|category-)/.test(target.name) && refresh("asks"));
  form.addEventListener("input", ({ target }) => {
    if (target.name !== "text") return;
    clearTimeout(rest);
    rest = setTimeout(() => refresh("found"), 900);
  });
}
