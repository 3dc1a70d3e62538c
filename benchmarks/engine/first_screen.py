"""What a reader of a page meets first, measured the same way for any page: ours or another tool's.

    .venv/bin/python benchmarks/engine/first_screen.py [--axe axe.min.js] [--kept FOLDER] [--shots FOLDER] PAGE ...

PAGE is a file or an address on this machine. Nothing else is reached: a request to another host is counted and answered
from the folder `kept` by the file's name (say vega.js), an icon by an empty picture of 24 pixels, a style sheet by an
empty one, the rest not at all. `axe` is another version of axe-core than the locked one.

Words and numbers are those whose text lies in the first window; a Chinese character counts as a word. A figure is a
picture of at least 120 x 60 pixels. Seconds are the median of five loads with an empty cache, until the first one
stands. Sideways is by how many pixels the page is wider than the window; requests are all but the page itself.
"""

import argparse
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

WINDOWS = ((1280, 800), (390, 844))
FIGURES = """[...document.querySelectorAll('svg,canvas,img')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width >= 120 && box.height >= 60 && e.checkVisibility() && (e.tagName !== 'IMG' || e.complete); })"""
SEEN = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), parts = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const parent = node.parentElement, range = document.createRange();
    if (parent.closest('script,style,noscript,template') ||
        !parent.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    range.selectNodeContents(node);
    if ([...range.getClientRects()].some(b => b.width > 2 && b.height > 2 &&
        b.top < innerHeight - 1 && b.bottom > 1 && b.left < innerWidth - 1 && b.right > 1))
      parts.push(node.data.trim()); }
  return parts.join(' '); }"""
TOPS = f"() => {FIGURES}.map(e => Math.round(e.getBoundingClientRect().top + scrollY)).sort((a, b) => a - b)"
RULES = """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))
  .violations.map(v => `${v.id} ${v.nodes.length}`)"""


class Visit:
    """One page in a window of `width` x `height` CSS pixels with an empty cache, and what it asked for."""

    def __init__(self, browser: Browser, window: tuple[int, int], kept: Path | None) -> None:
        self.context = browser.new_context(viewport={"width": window[0], "height": window[1]}, bypass_csp=True)
        self.page: Page = self.context.new_page()
        self.kept, self.requests, self.errors = kept, 0, 0
        self.hosts: set[str] = set()
        self.page.route("**/*", self._answer)
        self.page.on("console", lambda message: self._count(message.type == "error"))
        self.page.on("pageerror", lambda _: self._count(True))

    def _count(self, is_error: bool) -> None:
        self.errors += is_error

    def _answer(self, route: Route) -> None:
        asked = urlparse(route.request.url)
        self.requests += 1
        if asked.scheme in ("file", "data", "blob") or asked.hostname in ("127.0.0.1", "localhost"):
            return route.continue_()
        self.hosts.add(str(asked.hostname))
        kept = self.kept / Path(asked.path).name if self.kept else None
        if kept and kept.is_file():
            return route.fulfill(path=str(kept), content_type="text/javascript")
        if asked.path.endswith(".svg"):
            return route.fulfill(
                body='<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"/>', content_type="image/svg+xml"
            )
        if route.request.resource_type == "stylesheet":
            return route.fulfill(body="", content_type="text/css")
        return route.abort()

    def seconds(self, address: str) -> float:
        start = time.perf_counter()
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_function(f"() => document.body && {FIGURES}.length > 0", polling=20)
        return time.perf_counter() - start


def measured(
    browser: Browser, address: str, window: tuple[int, int], axe: str, options: argparse.Namespace
) -> dict[str, Any]:
    """First screen, requests, errors and accessibility of a page in one window; sheets of A4 in the wide one."""
    visit = Visit(browser, window, options.kept)
    page = visit.page
    page.goto(address)
    page.wait_for_timeout(2500)
    text, tops = page.evaluate(SEEN), page.evaluate(TOPS)
    found: dict[str, Any] = {
        "words": len(re.findall(r"[A-Za-z][A-Za-z'’-]*|[\u4e00-\u9fff]", text)),
        "numbers": len(re.findall(r"\d[\d,.]*", text)),
        "first figure at": tops[0] if tops else None,
        "height": page.evaluate("document.documentElement.scrollHeight"),
        "sideways": page.evaluate("document.documentElement.scrollWidth") - window[0],
        "requests": visit.requests - 1,
        "hosts": sorted(visit.hosts),
        "errors": visit.errors,
    }
    if options.shots:
        name = re.sub(r"[^a-z0-9]+", "_", address.lower())[-60:]
        page.screenshot(path=str(options.shots / f"{name}_{window[0]}.png"))
    page.evaluate(axe)
    found["axe"] = page.evaluate(RULES)
    if window == WINDOWS[0]:
        with tempfile.TemporaryDirectory() as folder:
            printed = Path(folder) / "page.pdf"
            page.pdf(path=str(printed), format="A4", print_background=True)
            found["sheets"] = len(re.findall(rb"/Type\s*/Page[^s]", printed.read_bytes()))
    visit.context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--axe", type=Path, default=None)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("pages", nargs="+", metavar="PAGE")
    options = parser.parse_args()
    axe = options.axe.read_text() if options.axe else Axe().axe_script
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for page in options.pages:
            address = page if page.startswith("http") else Path(page).resolve().as_uri()
            loads = []
            for _ in range(5):
                visit = Visit(browser, WINDOWS[0], options.kept)
                loads.append(visit.seconds(address))
                visit.context.close()
            print(page, f"first figure after {statistics.median(loads):.2f} s")
            for window in WINDOWS:
                print(f"  {window[0]} x {window[1]}", measured(browser, address, window, axe, options))
        browser.close()


if __name__ == "__main__":
    main()
