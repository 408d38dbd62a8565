// What runs is looked at again each second: how far it is, and what became of which. The buttons stay what they are,
// so that one can press them. Once it is over, or not ours to see any more, the page itself is asked for.
(() => {
  const parts = ["polis-far", "polis-became"];
  let patience = 5;
  const again = () => { setTimeout(look, document.hidden ? 5000 : 1000); };
  const look = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const section = page.getElementById("polis-progress");
      if (answer.redirected || !section || !section.hasAttribute("data-running")) {
        window.location.reload();
        return;
      }
      parts.forEach((id) => document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes));
      patience = 5;
    } catch {
      patience -= 1;
    }
    if (patience > 0) again();
  };
  again();
})();
