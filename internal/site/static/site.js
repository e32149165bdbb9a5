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
// The search suggests questions while somebody types: a list by the rules of a combobox. Without this it is a plain form.
const field = document.querySelector("[data-suggest]");
if (field) {
  const list = document.createElement("ul");
  list.id = "suggested";
  list.className = "suggested";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.suggest);
  field.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "suggested"], ["aria-expanded", "false"]]) field.setAttribute(name, value);
  let pause;
  let asking;
  let at = -1;
  const show = (found) => {
    at = -1;
    field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-expanded", String(found.length > 0));
    list.hidden = found.length === 0;
    list.replaceChildren(...found.map(({ title, path }, place) => {
      const option = document.createElement("li");
      option.id = `suggested-${place}`;
      option.dataset.path = path;
      option.textContent = title;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      return option;
    }));
  };
  const stop = () => {
    clearTimeout(pause);
    asking?.abort();
  };
  const ask = async (typed) => {
    const { signal } = (asking = new AbortController());
    const answer = await fetch(`/faq/suggestions?${new URLSearchParams({ q: typed })}`, { signal }).catch(() => undefined);
    const found = answer?.ok ? await answer.json().catch(() => []) : [];
    if (!signal.aborted && field.value.trim() === typed && document.activeElement === field) show(found);
  };
  const typing = (event) => {
    if (event.isComposing) return;
    stop();
    const typed = field.value.trim();
    const enough = (typed.match(/\p{Script=Han}/gu) ?? []).length >= 2 || (typed.match(/[\p{L}\p{N}]/gu) ?? []).length >= 3;
    if (enough && typed.length <= 60) pause = setTimeout(ask, 250, typed);
    else show([]);
  };
  field.addEventListener("input", typing);
  field.addEventListener("compositionend", typing);
  field.addEventListener("blur", () => {
    stop();
    show([]);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || list.hidden) return;
    const options = list.children;
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (turn) {
      options[at]?.setAttribute("aria-selected", "false");
      at = ((at < 0 && turn < 0 ? 0 : at) + turn + options.length) % options.length;
      options[at].setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", options[at].id);
    } else if (event.key === "Enter" && at >= 0) location.href = options[at].dataset.path;
    else if (event.key === "Escape") {
      stop();
      show([]);
    } else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => target.dataset.path && (location.href = target.dataset.path));
}
