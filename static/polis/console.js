// What makes the console smooth; without it every page works all the same.
"use strict";
(() => {
  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  // A page that came in the place of another is announced as one: its heading, or the field that is at fault.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== document.body) return;
    const find = (selector) => document.querySelector(`main ${selector}`);
    const first = find("[aria-invalid=true]") || find("[autofocus]") || find("h1");
    if (first) first.focus({ preventScroll: first.tagName === "H1" });
    dress();
  });

  // What lies outside the console has another look, and scripts of its own: it is loaded whole.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { boosted, pathInfo, requestConfig } = event.detail;
    if (!boosted || requestConfig.verb !== "get" || pathInfo.requestPath.startsWith("/console")) return;
    event.preventDefault();
    location.assign(pathInfo.requestPath);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const search = document.querySelector(".search input");
    if (!search) return;
    event.preventDefault();
    search.select();
    search.focus();
  });

  // Buttons that only a script can serve are hidden until there is one.
  const dress = () => document.querySelectorAll("[data-copies], [data-saves]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies], [data-saves]");
    if (!button) return;
    if (button.dataset.saves) return save(textOf(button.dataset.saves.split(" ")), button.dataset.name);
    await copy(document.getElementById(button.dataset.copies));
    button.dataset.word ??= button.textContent;
    button.textContent = button.dataset.done;
    clearTimeout(button.dataset.timer);
    button.dataset.timer = setTimeout(() => { button.textContent = button.dataset.word; }, 2000);
  });

  // Of one its text; of several a line each, with what it is called.
  const textOf = (ids) => {
    const sources = ids.map((id) => document.getElementById(id));
    if (sources.length === 1) return sources[0].textContent;
    return sources.map((source) => `${source.dataset.word}=${source.textContent}`).join("\n");
  };

  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch { // not served over https, or not allowed
      getSelection().selectAllChildren(source);
      document.execCommand("copy");
    }
  };

  const save = (text, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  // What is shown once is not to come back out of the browser's memory of the page.
  addEventListener("pagehide", () => document.querySelectorAll(".secret code").forEach((value) => value.replaceChildren()));

  dress();
})();
