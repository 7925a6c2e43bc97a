"""Which names belong together: what rules most of them out early rules out none that matters."""

from __future__ import annotations

from itertools import product

from actcheck.targets import vocabulary

SUBJECTS = ("", "tanh", "Tanh", "leaky_relu", "df", "d", "grad", "dx", "derive", "order", "f", "forward", "backward")
NAMES = tuple(
    dict.fromkeys(
        text
        for subject, word in product(SUBJECTS, (*vocabulary.DERIVATIVES, *vocabulary._GLUED, "of", "x", "d"))
        for text in (word, subject, f"{subject}_{word}", f"{word}_{subject}", f"{subject}{word}", f"{word}{subject}")
        if text
    )
)


def test_a_name_that_is_ruled_out_early_is_nobodys_derivative():
    ruled_out = [name for name in NAMES if not vocabulary._may_say_derivative(name)]
    assert {"tanh", "leaky_relu", "forward", "f"} <= set(ruled_out)
    for name, value in product(ruled_out, NAMES):
        assert not vocabulary.is_named_after(name, value), (name, value)
        assert not any(word in vocabulary._OF_DERIVATIVES for word in vocabulary._words(name))
