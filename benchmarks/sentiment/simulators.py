"""Classifiers that go wrong in known ways, on texts whose polarity is known. Shared by benchmarks and tests."""

import numpy as np

SHARES = {
    "even": (0.35, 0.25, 0.40),
    "rare negative": (0.02, 0.38, 0.60),
    "two classes": (0.30, 0.0, 0.70),
    "very rare": (0.005, 0.10, 0.895),
}
WAYS = ("calibrated", "overconfident", "biased", "shifted", "useless")


def classifier(
    rng: np.random.Generator, truth: np.ndarray, way: str, strength: float = 2.0, prior: np.ndarray | None = None
) -> np.ndarray:
    """Probabilities (texts, 3) for texts of known polarity.

    calibrated : scores are noisy evidence, and the prior is right
    overconfident : the same evidence taken three times for what it is
    biased : pushed towards negative by two units of log-odds
    shifted : in half of the texts (a domain the model never saw) the evidence for neutral and positive is swapped
    useless : no evidence at all, but sure of itself
    """
    n = len(truth)
    evidence = strength * np.eye(3)[truth] + rng.standard_normal((n, 3)) * np.sqrt(strength)
    if way == "shifted":
        odd = rng.random(n) < 0.5
        evidence[odd] = evidence[odd][:, [0, 2, 1]] + np.array([1.5, 0.0, 0.0])
    if way == "useless":
        evidence = rng.standard_normal((n, 3)) * 2
    share = np.bincount(truth, minlength=3) / n if prior is None else prior
    logits = evidence + np.log(share + 1e-4)
    logits = logits * (3.0 if way == "overconfident" else 1.0)
    if way == "biased":
        logits[:, 0] += 2.0
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
