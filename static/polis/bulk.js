// One box for all boxes of the page. Without scripts each is ticked by hand.
(() => {
  const all = document.querySelector(".polis-all");
  const boxes = [...document.querySelectorAll(".polis-choose")];
  const head = all.querySelector("input");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    head.checked = chosen === boxes.length;
    head.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  head.addEventListener("change", () => boxes.forEach((box) => { box.checked = head.checked; }));
  boxes.forEach((box) => box.addEventListener("change", tell));
  all.hidden = false;
  tell();
})();
