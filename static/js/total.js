// Shows the sum of claim items while they are typed; the server adds them up again.
(() => {
  const out = document.querySelector("[data-total]");
  if (!out) return;
  const show = () => {
    let cents = 0;
    for (const input of document.querySelectorAll("[data-amount]")) {
      const value = Number(input.value.replaceAll(",", ""));
      if (Number.isFinite(value)) cents += Math.round(value * 100);
    }
    out.textContent = (cents / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  };
  document.addEventListener("input", show);
  document.addEventListener("rows", show);
  show();
})();
