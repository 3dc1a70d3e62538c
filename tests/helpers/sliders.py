"""Sliders of a page moved by chance, and what the page then says beside what Python says."""

from typing import TYPE_CHECKING

import numpy as np

from reachbook.presentation.what_if import WhatIf, WhatIfAnswer, shown

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOVE = (
    "([form, name, value]) => { const one = document.querySelector(`${form} input[name=${name}]`); one.value = value;"
    " one.dispatchEvent(new Event('input', {bubbles: true})); return Number(one.value); }"
)


def moved(page: "Page", box: WhatIf, rng: np.random.Generator) -> WhatIfAnswer:
    """Move every slider of a box to a step drawn by chance; the answer of Python's function there."""
    values = {}
    for slider in box.sliders:
        step = int(rng.integers(0, round((slider.high - slider.low) / slider.step) + 1))
        asked = [f"#whatif-{box.id}", slider.name, slider.low + step * slider.step]
        values[slider.name] = page.evaluate(MOVE, asked)
    return box.answer(values)


def agrees(page: "Page", box: WhatIf, rng: np.random.Generator, currency: str) -> bool:
    """Whether the page says after such a move what Python says, to the digit, rules that are broken included."""
    answer = moved(page, box, rng)
    form = page.locator(f"#whatif-{box.id}")
    said = {key: form.locator(f'output[data-of="{key}"]').text_content() for key in ("total", "change", "above")}
    broken = form.locator(".broken li:visible").all_text_contents()
    return said == shown(box, answer, currency) and tuple(broken) == answer.broken
