"""The list of sentences misses none of those that are raised or handed over."""

from pathlib import Path

from sentences import LIBRARY, sentences

MODULE = '''"""Not a sentence of the product."""

def check(name, days):
    """Nor is this one."""
    if days < 3:
        raise DataError(f"table {name}: {days} days. " "Add earlier ones.")
    told = "Nothing can be said of it."
    return Gate("days", True, f"{days:,} days" + (" and more" if days else ""))
'''


def test_they_are_found_with_who_says_them(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(MODULE, "utf-8")
    said = {(each.kind, each.text) for each in sentences(path)}
    assert said == {
        ("raise DataError", "table {name}: {days} days. Add earlier ones."),
        ("text", "Nothing can be said of it."),
        ("Gate", "{days} days"),
        ("Gate", "and more"),
    }


def test_every_module_can_be_read() -> None:
    raised = [each for path in LIBRARY.rglob("*.py") for each in sentences(path) if each.kind.startswith("raise")]
    assert len(raised) > 100
