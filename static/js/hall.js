// Says each new call of the hall screen aloud once, after somebody has switched the voice on (browsers ask for that press).
(() => {
  const calls = () => [...document.querySelectorAll("[data-call]")];
  const said = new Set(calls().map((row) => row.dataset.call));
  let isOn = false;
  const say = (text) => {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "zh-CN";
    words.rate = 0.9;
    speechSynthesis.speak(words);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-voice]");
    if (!button || !("speechSynthesis" in window)) return;
    isOn = true;
    button.hidden = true;
    say(button.dataset.voice);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const row of calls().reverse()) {
      if (isOn && !said.has(row.dataset.call)) say(row.dataset.say);
      said.add(row.dataset.call);
    }
  });
})();
