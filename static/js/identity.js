// Says birth and sex back while a resident ID is typed, so that the clerk compares them with the card; the server checks it.
(() => {
  document.addEventListener("change", (event) => {
    const input = event.target.closest("[data-id]");
    const told = input?.closest("[data-row]")?.querySelector("[data-told]");
    if (!told) return;
    const found = /^\d{6}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dXx]$/.exec(input.value.replace(/[\s-]/g, ""));
    const words = told.dataset;
    told.textContent = found
      ? `${words.born} ${found[1]}-${found[2]}-${found[3]}${words.comma}${Number(found[4]) % 2 ? words.male : words.female}`
      : "";
  });
})();
