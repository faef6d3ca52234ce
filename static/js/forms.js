// Adds and removes rows of a form set, asks before what cannot be undone, sends a form once, guards unsaved typing.
(() => {
  const renumber = (set) => {
    const prefix = set.dataset.formset;
    const rows = [...set.querySelectorAll("[data-row]")];
    document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`).value = rows.length;
    rows.forEach((row, index) => {
      for (const node of row.querySelectorAll("[name], [id], [for]")) {
        for (const name of ["name", "id", "for"]) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replace(new RegExp(`${prefix}-(\\d+|__prefix__)-`), `${prefix}-${index}-`));
        }
      }
    });
    keepOne(rows);
  };
  // The only row of a set stays.
  const keepOne = (rows) => {
    for (const row of rows) row.querySelector("[data-remove]").disabled = rows.length < 2;
  };
  for (const set of document.querySelectorAll("[data-formset]")) keepOne([...set.querySelectorAll("[data-row]")]);
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    if (add) {
      const set = document.querySelector(`[data-formset="${add.dataset.add}"]`);
      const row = document.querySelector(`template[data-blank="${add.dataset.add}"]`).content.cloneNode(true);
      set.append(row);
      renumber(set);
      set.lastElementChild.querySelector("input, select, textarea")?.focus();
      document.dispatchEvent(new Event("rows"));
    }
    const remove = event.target.closest("[data-remove]");
    if (remove) {
      const set = remove.closest("[data-formset]");
      if (set.querySelectorAll("[data-row]").length > 1) {
        remove.closest("[data-row]").remove();
        renumber(set);
        document.dispatchEvent(new Event("rows"));
      }
    }
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog").close();
    const all = event.target.closest("[data-all]");
    if (all) for (const box of all.closest("form").querySelectorAll(`[name="${all.dataset.all}"]`)) box.checked = all.checked;
  });
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.dataset.sent && form.method === "post") {
      event.preventDefault();
      return;
    }
    // A file that comes down leaves the page where it is: what was typed is still unsent.
    if (event.submitter?.dataset.download !== undefined) return;
    dirty = false;
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  document.querySelector("[data-first-error]")?.focus();
})();

// What an answer says beside a field marks the field; what is typed stays as it is.
document.addEventListener("htmx:afterSettle", () => {
  for (const said of document.querySelectorAll("[data-said]")) {
    const field = said.closest(".field");
    field.classList.toggle("wrong", said.childElementCount > 0);
    field.querySelector("input, select, textarea").setAttribute("aria-invalid", String(said.childElementCount > 0));
  }
});
