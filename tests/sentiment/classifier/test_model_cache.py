"""Trained models are kept under everything that they are made from."""

from pathlib import Path

from helpers import package_copy


def test_the_key_covers_every_module_and_word_list_of_the_wing(tmp_path: Path) -> None:
    """Cleaning, folding and slang decide what a model learns from, and stand in another folder than the cache."""
    wing = package_copy.copied(tmp_path) / "sentiment"
    files = sorted(path for path in wing.rglob("*") if path.suffix in (".py", ".csv"))
    cache = wing / "classifier" / "model_cache.py"
    assert {"folding.py", "slang.csv", "emoticons.csv"} <= {path.name for path in files}
    assert package_copy.unnoticed(files, lambda: package_copy.key(cache, "_source")) == []
