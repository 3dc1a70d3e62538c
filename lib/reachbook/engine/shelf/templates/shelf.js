const all = (what, within = document) => [...within.querySelectorAll(what)];
const entries = all("tbody.entry"), groups = all("tbody.group");
const words = document.getElementById("words"), state = document.getElementById("state");
const count = document.getElementById("count"), table = document.getElementById("shelf");
const under = group => entries.filter(each => each.dataset.study === group.querySelector("th").id);

function filter() {
  const sought = words.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const each of entries) {
    const group = groups.find(one => one.querySelector("th").id === each.dataset.study);
    const text = (group.textContent + each.textContent).toLocaleLowerCase();
    const fits = !state.value || each.dataset.state.split(" ").includes(state.value);
    each.hidden = !fits || !sought.every(word => text.includes(word));
  }
  for (const group of groups) group.hidden = under(group).every(each => each.hidden);
  const shown = entries.filter(each => !each.hidden).length;
  count.textContent = count.dataset.one.replace("{n}", shown).replace("{all}", entries.length);
  document.getElementById("none").hidden = shown > 0;
}

function sort(head) {
  const key = head.dataset.key, up = head.getAttribute("aria-sort") !== "ascending";
  for (const each of all("thead th")) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const order = (a, b) => a.dataset[key].localeCompare(b.dataset[key]) * (up ? 1 : -1);
  for (const group of groups) group.after(...under(group).sort(order));
}

for (const head of all("thead th[data-key]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  button.addEventListener("click", () => sort(head));
  head.replaceChildren(button);
}
for (const age of all(".age")) {
  const days = Math.floor((Date.now() - Date.parse(age.parentElement.querySelector("time").dateTime)) / 864e5);
  if (days > 0) age.textContent = days === 1 ? age.dataset.one : age.dataset.many.replace("{n}", days);
}
document.getElementById("filter").hidden = false;
document.getElementById("filter").addEventListener("submit", event => event.preventDefault());
words.addEventListener("input", filter);
state.addEventListener("change", filter);
filter();
