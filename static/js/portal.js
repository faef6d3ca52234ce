// Reads the page aloud where the browser can; without it, or without JavaScript, there is no button.
"use strict";
(() => {
  const button = document.querySelector("[data-read]");
  const speech = window.speechSynthesis;
  if (!button || !speech) return;
  button.hidden = false;
  const rest = () => { button.textContent = button.dataset.read; button.setAttribute("aria-pressed", "false"); };
  button.addEventListener("click", () => {
    if (speech.speaking) { speech.cancel(); rest(); return; }
    // One utterance per block: some phones stop in the middle of a long one.
    const blocks = document.querySelectorAll("main h1, main h2, main h3, main p, main li, main dt, main dd, main label");
    const texts = [...blocks].map((block) => block.innerText.trim()).filter(Boolean);
    texts.forEach((text, place) => {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = document.documentElement.lang === "en" ? "en-US" : "zh-CN";
      said.rate = 0.9;
      if (place === texts.length - 1) said.onend = rest;
      speech.speak(said);
    });
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
  });
  window.addEventListener("pagehide", () => speech.cancel());
})();
