// Copies the text of a box; where the browser refuses the clipboard the text is left selected for Ctrl-C.
(() => {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const box = document.getElementById(button.dataset.copy);
    const told = button.parentElement.querySelector("[data-copied]");
    box.focus();
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      told.textContent = button.dataset.said;
    } catch {
      told.textContent = document.execCommand("copy") ? button.dataset.said : "Ctrl-C";
    }
  });
})();
