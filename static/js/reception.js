// A first reception: saved within a second of a key, asks what follows from an answer, takes a signature. Keeps nothing in the browser.
(() => {
  const form = document.querySelector("[data-record]");
  if (form) {
    const named = (key) => form.elements[`q-${key}`];
    const questions = [...form.querySelectorAll("[data-q]")];
    const lost = document.querySelector("[data-lost]");
    const saved = document.querySelector("#saved"), unsaved = document.querySelector("[data-unsaved]");
    let timer = 0, number = Number(form.elements.seq.value);
    const branch = () => {
      for (const row of questions) {
        const key = row.dataset.when;
        if (!key || key.startsWith("_")) continue;
        const parent = form.querySelector(`[data-q="${key}"]`);
        row.hidden = !parent || parent.hidden || !row.dataset.is.split("|").includes(named(key).value);
      }
    };
    const save = () => {
      clearTimeout(timer);
      timer = 0;
      htmx.trigger(form, "save");
    };
    // What is typed is unsaved until the server has said otherwise; nothing is called saved meanwhile.
    const show = (isSaved) => {
      saved.hidden = !isSaved;
      unsaved.hidden = isSaved;
    };
    const say = (name) => {
      lost.hidden = !name;
      show(!name && !timer);
      for (const words of lost.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== name;
      if (name === "line") timer ||= setTimeout(save, 2000);
    };
    // The clock runs from the first key that is not saved, so that steady typing is saved too.
    form.addEventListener("input", () => {
      branch();
      show(false);
      timer ||= setTimeout(save, 900);
    });
    form.addEventListener("htmx:configRequest", (event) => {
      number += 1;
      form.elements.seq.value = event.detail.parameters.seq = number;
    });
    form.addEventListener("htmx:beforeSwap", (event) => {
      const isLogin = event.detail.xhr.responseURL.includes("/login/");
      if (isLogin) event.detail.shouldSwap = false;
      say(isLogin ? "login" : "");
    });
    form.addEventListener("htmx:sendError", () => say("line"));
    form.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.status < 500 ? "login" : "line"));
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      form.elements.seq.value = number + 1;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && timer) save();
    });
    branch();
  }
  const pad = document.querySelector("[data-pad]");
  if (!pad) return;
  const pen = pad.getContext("2d"), out = document.querySelector("[name=drawn]");
  let isDown = false;
  pen.lineWidth = 6;
  pen.lineCap = pen.lineJoin = "round";
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) * pad.width) / box.width, ((event.clientY - box.top) * pad.height) / box.height];
  };
  pad.addEventListener("pointerdown", (event) => {
    isDown = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    pad.addEventListener(name, () => {
      if (isDown) out.value = pad.toDataURL("image/png");
      isDown = false;
    });
  }
  document.querySelector("[data-wipe]").addEventListener("click", () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    out.value = "";
  });
})();
