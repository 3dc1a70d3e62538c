"""The simulators of the benchmark serve the tests too; a model that several files ask for is trained once."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "sentiment"))

from reachbook import sentiment
from reachbook.sentiment.classifier.model import Model
from reachbook.sentiment.text.base_corpus import reviews


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where trained models are kept, each under all that it is made from; one folder for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "models"


@pytest.fixture(scope="session")
def reviewed(models: Path) -> Model:
    """A classifier from every fourth of the base reviews and nothing else."""
    whole = reviews()
    return sentiment.train(whole.texts[::4], whole.labels[::4], base=None, cache=models)
