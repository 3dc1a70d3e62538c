"use strict";
const all = (query, from = document) => [...from.querySelectorAll(query)];
const make = (tag, about) => Object.assign(document.createElement(tag), about);
const words = document.body.dataset;

// What can wait is done in pieces, as soon as the browser has nothing else to do.
const waiting = [], idle = window.requestIdleCallback || ((work) => setTimeout(work, 1));
function work() {
  const end = performance.now() + 8;
  while (waiting.length && performance.now() < end) waiting.shift()();
  if (waiting.length) idle(work);
}
idle(work);

// Tables: a heading sorts (a number from the largest, then from the smallest, then as it came).
const keyOf = (cell) => "v" in cell.dataset ? Number(cell.dataset.v) : cell.textContent;
const order = new Intl.Collator(document.documentElement.lang, {numeric: true}).compare;
const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : order(String(a), String(b));
function sort(table, at) {
  const head = table.tHead.rows[0].cells[at], body = table.tBodies[0], was = head.getAttribute("aria-sort");
  const ways = head.classList.contains("number") ? ["descending", "ascending"] : ["ascending", "descending"];
  const way = was ? ways[ways.indexOf(was) + 1] : ways[0];
  for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
  if (way) head.setAttribute("aria-sort", way);
  const sign = way === "descending" ? -1 : 1;
  const rows = [...body.rows].sort((a, b) => {
    const one = a.cells[at], two = b.cells[at], gone = (cell) => cell.classList.contains("none");
    if (!way || gone(one) && gone(two)) return a.place - b.place;
    return gone(one) - gone(two) || sign * compare(keyOf(one), keyOf(two)) || a.place - b.place;
  });
  body.append(...rows);
}
function filter(table, box) {
  const rows = [...table.tBodies[0].rows], asked = make("input", {type: "search", placeholder: words.filter});
  const count = make("output"), bar = make("div", {className: "filter"});
  asked.setAttribute("aria-label", words.filter);
  asked.addEventListener("input", () => {
    const parts = asked.value.toLowerCase().split(/\s+/);
    for (const row of rows) row.hidden = !parts.every((part) => row.textContent.toLowerCase().includes(part));
    count.textContent = asked.value ? `${rows.filter((row) => !row.hidden).length} / ${rows.length}` : "";
  });
  bar.append(asked, count);
  box.before(bar);
}
for (const table of all(".table table")) waiting.push(() => {
  const rows = [...table.tBodies[0].rows];
  rows.forEach((row, place) => { row.place = place; });
  if (rows.length > 1) [...table.tHead.rows[0].cells].forEach((head, at) => {
    const button = make("button", {type: "button"});
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, at));
    head.append(button);
  });
  if (rows.length > 12) filter(table, table.parentNode);
});

// What scrolls sideways can be reached by keyboard; what does not is no stop on the way.
const scrolls = (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
function reach(box, reached) {
  if (!reached) return ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
  const near = box.closest("figure, details") || box.parentNode;
  const told = near.querySelector("figcaption, summary, .caption");
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", told ? told.textContent : words.wide);
}
const sizes = new ResizeObserver((seen) => {
  const found = seen.map(({target}) => [target, scrolls(target)]);  // all are measured before any is changed
  for (const each of found) reach(...each);
});
for (const box of all(".drawing, .table, pre, .outputs > div")) waiting.push(() => {
  reach(box, true);  // until it is laid out
  sizes.observe(box);
});

// Terms: the browser opens a meaning on click, tap and Enter; here also where the mouse or the focus is.
for (const term of all(".term")) {
  const meaning = document.getElementById(term.getAttribute("popovertarget"));
  if (!meaning || !meaning.showPopover) continue;
  let timer, shown = false;
  const open = () => meaning.matches(":popover-open");
  const place = () => {
    const at = term.getClientRects()[0], {offsetWidth: width, offsetHeight: height} = meaning;
    const below = at.bottom + height + 12 < innerHeight;
    meaning.style.bottom = "auto";
    meaning.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8)) + scrollX}px`;
    meaning.style.top = `${(below ? at.bottom + 6 : at.top - height - 6) + scrollY}px`;
  };
  const show = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (!open()) { shown = true; meaning.showPopover(); place(); } }, wait);
  };
  const hide = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (shown && open() && !meaning.matches(":hover")) meaning.hidePopover(); }, 250);
  };
  term.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(150); });
  term.addEventListener("pointerleave", hide);
  meaning.addEventListener("pointerleave", hide);
  term.addEventListener("focus", () => { if (term.matches(":focus-visible")) show(0); });
  term.addEventListener("blur", hide);
  term.addEventListener("click", (event) => { if (shown && open()) { shown = false; event.preventDefault(); } else setTimeout(place); });
}

// The contents follow the page.
const links = all("nav.contents a"), menu = document.getElementById("contents");
const heads = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
let asked = false;
function follow() {
  asked = false;
  const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  const passed = heads.filter((head) => head && head.getBoundingClientRect().top < 120).length;
  const here = links[end ? links.length - 1 : Math.max(0, passed - 1)];
  if (!here || here.getAttribute("aria-current")) return;
  links.forEach((link) => link.removeAttribute("aria-current"));
  here.setAttribute("aria-current", "true");
}
addEventListener("scroll", () => { if (!asked) { asked = true; requestAnimationFrame(follow); } }, {passive: true});
follow();
if (menu) menu.addEventListener("click", (event) => { if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover(); });

// The browser draws figures that are near; who goes on by keyboard or by a link needs all that lies between.
const whole = () => document.body.classList.add("whole");
if (location.hash) whole();
addEventListener("keydown", (event) => { if (event.key === "Tab") whole(); });
addEventListener("click", (event) => { if (event.target.closest('a[href^="#"]')) whole(); }, {capture: true});

// Print shows what is folded, where everything is printed.
const full = document.getElementById("print-all");
let folded = [];
addEventListener("beforeprint", () => {
  folded = full && !full.matches(":checked, :target") ? [] : all("details:not([open])");
  folded.forEach((each) => { each.open = true; });
});
addEventListener("afterprint", () => folded.forEach((each) => { each.open = false; }));
