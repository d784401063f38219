"""Looks at a page as a critic would: its picture, overflow, contrast and other rules by axe, size of letters."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "screens"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

# Smallest letters anybody must read, in CSS pixels, or as a share of the height on the wall (mock-ups, table of media).
SMALLEST_PX = {"phone": 14.9, "console": 13.9, "desk": 13.9, "page": 13.9}
SMALLEST_SHARE_ON_WALL = 0.0325

_OVERFLOW = """(upright) => {
  const root = document.scrollingElement;
  const faults = [];
  if (root.scrollWidth > window.innerWidth + 1) faults.push(`page ${root.scrollWidth} wide in ${window.innerWidth}`);
  if (upright && root.scrollHeight > window.innerHeight + 1)
    faults.push(`page ${root.scrollHeight} high in ${window.innerHeight}`);
  const isWall = document.documentElement.dataset.screen === "projector";
  for (const section of isWall ? document.querySelectorAll("main, main > *") : []) {
    const bottom = section.getBoundingClientRect().bottom;
    if (bottom > window.innerHeight + 2) faults.push(`${section.tagName}.${section.className} ends at ${bottom}`);
  }
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.display === "none" || element.closest(".unseen, .skip")) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!hasText) continue;
    if (isWall && box.bottom > window.innerHeight + 2)
      faults.push(`${element.tagName}.${element.className} leaves the foot: ${element.textContent.slice(0, 30)}`);
    if (box.right > window.innerWidth + 1 || box.left < -1)
      faults.push(`${element.tagName}.${element.className} leaves the page: ${element.textContent.slice(0, 30)}`);
    if (style.overflow !== "visible" && element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "auto")
      faults.push(`${element.tagName}.${element.className} is cut: ${element.textContent.slice(0, 30)}`);
  }
  return faults;
}"""

_LETTERS = """() => {
  const small = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const parent = walker.currentNode.parentElement;
    if (!text || !parent || ["SCRIPT", "STYLE", "NOSCRIPT", "OPTION"].includes(parent.tagName)) continue;
    if (parent.closest(".unseen, [aria-hidden=true], svg")) continue;
    const box = parent.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    small[size] = small[size] || text.slice(0, 30);
  }
  return small;
}"""


# Two frames for what is drawn in the next one, then whatever moves comes to rest; what blinks for ever may blink.
_STILL = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
  const passing = document.getAnimations().filter((move) => move.effect.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(passing.map((move) => move.finished));
}"""


# What passes is not asked for: telling it all took axe longer than looking.
_RULES = """async () => {
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await window.axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
  return found.violations;
}"""


# One next thing: at most one filled button a person may press (mock-ups, principle 6).
_FILLED = """() => [...document.querySelectorAll("button.button:not([disabled]), a.button")].filter((button) => {
  const box = button.getBoundingClientRect();
  return box.width > 0 && getComputedStyle(button).backgroundColor === getComputedStyle(document.body).color;
}).map((button) => button.textContent.trim())"""


# Faults of looks are gathered and asserted at the end, so that one run shows them all.
SEEN_FAULTS: list[str] = []


def look(page: Page, screen: str, stage: str) -> None:
    """Take ``build/screens/<screen>-<stage>-<width>.png`` and note overflow, axe violations and small letters."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.evaluate(_STILL)
    page.screenshot(path=PICTURES / f"{screen}-{stage}-{width}.png", full_page=screen == "page")
    faults = [
        *page.evaluate(_OVERFLOW, screen in ("projector", "console")),
        *_small_letters(page, screen),
        *axe_violations(page),
    ]
    if screen != "page" and len(filled := page.evaluate(_FILLED)) > 1:
        faults.append(f"more than one filled button: {filled}")
    SEEN_FAULTS.extend(f"{screen} at {stage}, {width} wide: {fault}" for fault in faults)


def _small_letters(page: Page, screen: str) -> list[str]:
    height = page.viewport_size["height"] if page.viewport_size else 0
    floor = SMALLEST_SHARE_ON_WALL * height if screen == "projector" else SMALLEST_PX[screen]
    sizes: dict[str, str] = page.evaluate(_LETTERS)
    return [f"{size}px is too small: {text}" for size, text in sizes.items() if float(size) < floor - 0.05]


def axe_violations(page: Page) -> list[str]:
    """Return axe's violations of WCAG 2.2 AA as sentences."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    violations: list[dict[str, Any]] = page.evaluate(_RULES)
    return [
        f"{violation['id']}: {' '.join(node['html'].split())[:120]} {_numbers(node)}"
        for violation in violations
        for node in violation["nodes"][:3]
    ]


def _numbers(node: dict[str, Any]) -> str:
    data = next((check.get("data") for check in node["any"] if check.get("data")), None)
    return str(data.get("contrastRatio", "")) if isinstance(data, dict) else ""
