
// Cards: the control shows one of them, or all; a link to a card shows it alone.
for (const deck of document.querySelectorAll(".cards")) {
  const choice = deck.querySelector("select"), cards = [...deck.querySelectorAll("article")];
  const marked = () => [...document.querySelectorAll(".table tbody tr, .lead svg text")];
  const titleOf = (card) => card.querySelector("h3").textContent;
  const nameOf = (each) => (each.cells ? each.cells[0] : each).textContent.trim();
  const show = (chosen) => {
    choice.value = chosen ? chosen.id : "";
    for (const card of cards) card.hidden = Boolean(chosen) && card !== chosen;
    for (const each of marked()) {
      if (chosen && nameOf(each) === titleOf(chosen)) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  };
  const called = (id) => cards.find((card) => card.id === id);
  const follow = () => {
    const asked = called(location.hash.slice(1));
    if (!asked) return;
    show(asked);
    deck.scrollIntoView();
  };
  choice.addEventListener("change", () => {
    show(called(choice.value));
    history.replaceState(null, "", choice.value ? `#${choice.value}` : location.pathname + location.search);
  });
  addEventListener("hashchange", follow);
  deck.querySelector(".choose").hidden = false;
  follow();
}
