"""A page is made again when anything that makes it has changed; its policy holds, and a Chinese one is Chinese."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from helpers import package_copy
from helpers.tiny_project import Project
from helpers.told_page import told_page


def test_the_page_s_key_covers_templates_card_provenance_wording_and_its_sentences(tmp_path: Path) -> None:
    page = package_copy.copied(tmp_path) / "engine" / "page"
    files = [path for path in (page / "templates").rglob("*") if path.is_file()]
    files += [
        page / name for name in ("card.py", "glossary.py", "provenance.py", "range_plot.py", "render.py", "wording.py")
    ]
    files.append(page / "locale" / "zh.po")
    assert len(files) > 6
    assert package_copy.unnoticed(files, lambda: package_copy.key(page / "render.py", "key")) == []


def test_a_change_elsewhere_in_the_engine_is_no_other_page(tmp_path: Path) -> None:
    page = package_copy.copied(tmp_path) / "engine" / "page"
    elsewhere = [page.parent / "pool.py", page.parent / "locale" / "zh.po"]
    changed = package_copy.unnoticed(elsewhere, lambda: package_copy.key(page / "render.py", "key"))
    assert changed == ["pool.py", "zh.po"]


@pytest.fixture
def page(project: Project, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(project.root)
    return told_page(project, "zh")


def test_the_policy_names_the_one_style_and_the_one_script(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)
    assert policy
    assert "unsafe" not in policy[1]
    for kind in ("style", "script"):
        ((text),) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src &#39;sha256-{digest}&#39;;" in policy[1] or f"{kind}-src 'sha256-{digest}';" in policy[1]
    assert not re.search(r"<[^<>]+\s(?:style|on\w+)=", re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL))


def test_the_script_is_small(page: str) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(script.encode()) < 9 * 1024


def test_equal_input_gives_equal_bytes(page: str, project: Project) -> None:
    assert told_page(project, "zh") == page


def test_no_english_is_left_on_a_chinese_page(page: str) -> None:
    """Three English words in a row outside code and data; attributes that are read aloud count as well."""
    said = re.sub(r"<(style|script|code|pre)\b.*?</\1>", " ", page[page.index("<body") :], flags=re.DOTALL)
    spoken = " \n ".join(re.findall(r'(?:aria-label|placeholder|data-filter|data-wide|alt)="(.*?)"', said))
    text = re.sub(r"<[^>]+>", " \n ", said) + spoken
    assert re.findall(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}", text) == []


def test_the_same_page_in_english_is_english(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    page = told_page(project, "en")
    assert "You may rely on these numbers" in page
    assert not re.search(
        "[\u4e00-\u9fff]", re.sub(r"<[^>]+>", "", page[page.index("<main>") : page.index('class="lead')])
    )
