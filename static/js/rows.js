// A whole row opens its first link; j and k walk rows, arrows go on from there, Enter opens, / goes to the search box, n to the next item.
(() => {
  // Tabs and stages that do not fit on a phone show the present one.
  for (const here of document.querySelectorAll(".tabs [aria-current], .rail [aria-current]")) {
    here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 24;
  }
  const rows = () => [...document.querySelectorAll("tr[data-href]")];
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, select, label, summary") || String(getSelection())) return;
    location.assign(row.dataset.href);
  });
  document.addEventListener("keydown", (event) => {
    // What cannot be undone never has the focus; it takes both keys, also from within a field.
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") document.querySelector("[aria-keyshortcuts~='Control+Enter']")?.click();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    const list = rows();
    const at = list.findIndex((row) => row.classList.contains("at"));
    const go = (index) => {
      list[at]?.classList.remove("at");
      const row = list[Math.max(0, Math.min(list.length - 1, index))];
      row?.classList.add("at");
      row?.scrollIntoView({ block: "nearest" });
    };
    // Once a row is marked the arrows walk on from it; before that they scroll the page.
    const arrow = at < 0 ? 0 : { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (arrow) {
      go(at + arrow);
      event.preventDefault();
    } else if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "Enter" && at >= 0 && event.target === document.body) location.assign(list[at].dataset.href);
    else if (event.key === "/") {
      // A list without a search box of its own begins with its filters.
      document.querySelector("[data-search], .filters input:not([type=hidden]), .filters select")?.focus();
      event.preventDefault();
    } else if (event.key === "n") location.assign("/next/");
    else if (event.key === "?") document.querySelector("#keys")?.showModal();
  });
})();
