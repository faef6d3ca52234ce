// A scan is sent as soon as it is chosen, and its first page shown beside its row; whatever fails goes with the form.
(() => {
  const said = (place, words, isWrong) => {
    const line = document.createElement("p");
    line.className = isWrong ? "error" : "hint";
    line.textContent = words;
    place.replaceChildren(line);
  };
  document.addEventListener("change", async (event) => {
    const input = event.target.closest("form[data-keep] [data-row] input[type=file]");
    if (!input?.files.length) return;
    const form = input.form;
    const row = input.closest("[data-row]");
    const place = row.querySelector("[data-kept]");
    const token = row.querySelector("[name$='-token']");
    const chosen = input.files[0];
    said(place, form.dataset.keeping);
    const body = new FormData();
    body.append("upload", chosen);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    let answer;
    try {
      answer = await fetch(form.dataset.keep, { method: "POST", body });
    } catch {
      said(place, form.dataset.lost);
      return;
    }
    if (input.files[0] !== chosen) return; // another was chosen meanwhile
    const text = await answer.text();
    if (answer.ok && !answer.redirected) {
      place.innerHTML = text;
      token.value = place.querySelector("[data-token]").dataset.token;
      input.value = "";
    } else if (answer.status === 422) {
      said(place, text, true);
      token.value = "";
      input.value = "";
    } else said(place, form.dataset.lost);
  });
})();
