"""A page is made again when anything that makes it has changed."""

from pathlib import Path

from helpers import package_copy


def test_the_page_s_key_covers_templates_card_provenance_and_wording(tmp_path: Path) -> None:
    page = package_copy.copied(tmp_path) / "engine" / "page"
    files = [path for path in (page / "templates").rglob("*") if path.is_file()]
    files += [
        page / name for name in ("card.py", "glossary.py", "provenance.py", "range_plot.py", "render.py", "wording.py")
    ]
    assert len(files) > 6
    assert package_copy.unnoticed(files, lambda: package_copy.key(page / "render.py", "key")) == []


def test_a_change_elsewhere_in_the_engine_is_no_other_page(tmp_path: Path) -> None:
    page = package_copy.copied(tmp_path) / "engine" / "page"
    changed = package_copy.unnoticed([page.parent / "pool.py"], lambda: package_copy.key(page / "render.py", "key"))
    assert changed == ["pool.py"]
