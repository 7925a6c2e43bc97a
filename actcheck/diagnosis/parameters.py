"""Mistakes in the gradient of a layer's parameter, told from what each entry does to each output of each sample.

With L = sum(C * A) the right gradient is the sum over samples and outputs of C times dA/dp; what a layer of the form
A = f(XW + b) gets wrong is made of the same numbers: X, A, C, and D = dL/d(XW + b), which is found from dA/dp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from actcheck.diagnosis.numbers import short
from actcheck.model import Diagnosis
from actcheck.numeric.lines import FloatArray, IndexArray

FAMILY = "parameter"

_CLOSE = 1e-6
_SHARP = 8.0
_FITTED = 4
_USUAL = (0.1, 0.25, 0.5, 2.0, 3.0, 4.0, 10.0)
_TELLING = 1e-3


class Wrong(Protocol):
    """A parameter whose gradient is wrong."""

    @property
    def name(self) -> str:
        """The parameter's name."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""

    @property
    def index(self) -> IndexArray:
        """The K entries that were looked at, in row-major order."""

    @property
    def value(self) -> FloatArray:
        """What they are, (K,)."""

    @property
    def given(self) -> FloatArray:
        """The layer's own gradient, (K,)."""

    @property
    def numeric(self) -> FloatArray:
        """The right one, (K,)."""

    @property
    def wrong(self) -> FloatArray:
        """Which of them are wrong, (K,)."""

    @property
    def inputs(self) -> FloatArray:
        """Input, (batch, n)."""

    @property
    def cotangent(self) -> FloatArray:
        """Cotangent of the output, (batch, m)."""

    @property
    def outputs(self) -> FloatArray:
        """Output, (batch, m)."""

    @property
    def changes(self) -> FloatArray:
        """The derivative of A by each of the entries, by differences, (K, batch, m)."""

    def given_of(self, size: int, /) -> FloatArray | None:
        """Give the layer's own gradient for the first rows alone; None where it cannot be had."""


Guess = tuple[str, FloatArray]
"""What is wrong, to be read after "in the gradient of `W`", and what the entries would then be."""


def diagnose(wrong: Wrong) -> Diagnosis:
    """Give the first mistake that reproduces every entry that was looked at; it is said if none does."""
    count = int(np.count_nonzero(wrong.wrong))
    with np.errstate(all="ignore"):
        for code, hypothesis in TABLE:
            for text, value in hypothesis(wrong):
                if _fits(wrong, value):
                    return Diagnosis(code, FAMILY, f"in the gradient of `{wrong.name}` {text}", count, count)
    return Diagnosis("unexplained", FAMILY, f"no simple mistake explains the gradient of `{wrong.name}`", 0, count)


def _fits(wrong: Wrong, value: FloatArray) -> bool:
    """Whether a guess gives what the layer gives, and is far enough from what is right."""
    size = float(np.abs(wrong.numeric).max(initial=0.0))
    apart = float(np.abs(_summed(wrong, wrong.cotangent) - wrong.numeric).max(initial=0.0))
    within = _CLOSE * np.maximum(np.abs(value), size) + _SHARP * apart
    if not np.isfinite(value).all() or not np.all(np.abs(wrong.given - value) <= within):
        return False
    off = np.abs(wrong.given - wrong.numeric) > _SHARP * within
    return bool(np.count_nonzero(off) >= min(2, len(value)))


def _summed(wrong: Wrong, C: FloatArray) -> FloatArray:
    """Give the gradient for another cotangent."""
    summed: FloatArray = np.einsum("kbm,bm->k", wrong.changes, C)
    return summed


# ------------------------------------------------------------------------------------------ hypotheses


def zero(wrong: Wrong) -> Iterator[Guess]:
    """Leave it 0."""
    yield "every entry is 0", np.zeros_like(wrong.numeric)


def sign(wrong: Wrong) -> Iterator[Guess]:
    """Flip the sign."""
    yield "the sign is flipped", -wrong.numeric


def sign_lost(wrong: Wrong) -> Iterator[Guess]:
    """Lose the sign."""
    yield "every entry is the absolute value of the right one", np.abs(wrong.numeric)


def batch_size(wrong: Wrong) -> Iterator[Guess]:
    """Divide by the batch size, or multiply with it, where the value is that of each sample."""
    size = len(wrong.inputs)
    half = wrong.given_of(size // 2) if size > 1 else None
    if half is None:
        return
    right = np.einsum("kbm,bm->k", wrong.changes[:, : size // 2], wrong.cotangent[: size // 2])
    for flipped, which in ((1.0, ""), (-1.0, "the sign is flipped and ")):
        for power, text in ((-1.0, "divided by the batch size, as of a mean"), (1.0, "multiplied by the batch size")):
            # In a smaller batch the factor is another one.
            expected = flipped * right * float(size // 2) ** power
            if np.allclose(half, expected, rtol=_TELLING, atol=_TELLING * float(np.abs(expected).max(initial=0.0))):
                yield f"{which}everything is {text}", flipped * wrong.numeric * float(size) ** power


def factor(wrong: Wrong) -> Iterator[Guess]:
    """Put it off by one number."""
    at = int(np.argmax(np.abs(wrong.numeric)))
    if len(wrong.numeric) < 2 or not wrong.numeric[at]:
        return
    c = float(wrong.given[at] / wrong.numeric[at])
    c = short(c * (1 - _CLOSE), c * (1 + _CLOSE))
    # That a few entries have a number in common that nobody would write is no evidence.
    if len(wrong.numeric) < _FITTED and abs(c) not in _USUAL:
        return
    yield f"everything is the right one times {c:.6g}", c * wrong.numeric


def one_sample(wrong: Wrong) -> Iterator[Guess]:
    """Take one sample for the whole batch."""
    if len(wrong.inputs) < 2:
        return
    for row, text in ((-1, "last"), (0, "first")):
        C = np.zeros_like(wrong.cotangent)
        C[row] = wrong.cotangent[row]
        yield f"only the {text} sample of the batch counts", _summed(wrong, C)


def transposed(wrong: Wrong) -> Iterator[Guess]:
    """Transpose it."""
    if len(wrong.shape) == 2 and wrong.shape[0] == wrong.shape[1] and len(wrong.index) == np.prod(wrong.shape):
        yield "rows and columns are exchanged (transposed)", wrong.numeric.reshape(wrong.shape).T.ravel()


def cotangent_ignored(wrong: Wrong) -> Iterator[Guess]:
    """Leave the gradient of the output out of it."""
    yield "the gradient of the output is not a factor, as if it were 1", _summed(wrong, np.ones_like(wrong.cotangent))


def weight_decay(wrong: Wrong) -> Iterator[Guess]:
    """Add a multiple of the parameter itself, of which the value knows nothing."""
    at = int(np.argmax(np.abs(wrong.value)))
    if len(wrong.value) < _FITTED or not wrong.value[at]:
        return
    c = float((wrong.given[at] - wrong.numeric[at]) / wrong.value[at])
    c = short(c * (1 - _TELLING * _TELLING), c * (1 + _TELLING * _TELLING))
    text = f"there is {c:.6g} · {wrong.name} too many, as of weight decay, which the output has no part in"
    yield text, wrong.numeric + c * wrong.value


def no_activation(wrong: Wrong) -> Iterator[Guess]:
    """Leave out the derivative of the activation."""
    if _inner(wrong) is not None:
        yield from _made(wrong, wrong.inputs, wrong.cotangent, "the derivative of the activation is missing")


def activation_twice(wrong: Wrong) -> Iterator[Guess]:
    """Take the derivative of the activation twice."""
    D = _inner(wrong)
    if D is not None and D.shape == wrong.cotangent.shape:
        yield from _made(
            wrong, wrong.inputs, D * D / wrong.cotangent, "the derivative of the activation is a factor twice"
        )


def other_input(wrong: Wrong) -> Iterator[Guess]:
    """Multiply with something else than the input."""
    D = _inner(wrong)
    if D is None or len(wrong.shape) != 2:
        return
    yield from _made(wrong, wrong.outputs, D, "the output stands in the place of the input")
    yield from _made(wrong, wrong.inputs[::-1], D, "each sample has the input of another: the rows are reversed")
    yield from _made(wrong, np.roll(wrong.inputs, 1, 0), D, "each sample has the input of the one before")
    yield from _made(wrong, np.ones_like(wrong.inputs), D, "the input is not a factor")
    yield from _made(wrong, np.abs(wrong.inputs), D, "the input has lost its sign")


def other_axis(wrong: Wrong) -> Iterator[Guess]:
    """Sum over the outputs where the samples are meant, or over both."""
    D = _inner(wrong)
    if D is None or len(_long(wrong.shape)) > 1:
        return
    if D.shape[0] == D.shape[1]:
        yield "the sum is over the outputs (axis 1), not over the samples (axis 0)", D.sum(axis=1)[wrong.index]
    whole = np.full(len(wrong.index), D.sum())
    yield "the sum is over the outputs as well, not over the samples alone", whole


TABLE: tuple[tuple[str, Callable[[Wrong], Iterator[Guess]]], ...] = (
    ("parameter-zero", zero),
    ("parameter-sign", sign),
    ("parameter-batch-size", batch_size),
    ("parameter-transposed", transposed),
    ("parameter-one-sample", one_sample),
    ("parameter-no-activation", no_activation),
    ("parameter-cotangent", cotangent_ignored),
    ("parameter-input", other_input),
    ("parameter-axis", other_axis),
    ("parameter-factor", factor),
    ("parameter-activation-twice", activation_twice),
    ("parameter-decay", weight_decay),
    ("parameter-sign-lost", sign_lost),
)
"""Tried in this order; the first that holds is told."""


# ------------------------------------------------------------------------------------------ A = f(XW + b)


def _long(shape: Sequence[int]) -> tuple[int, ...]:
    return tuple(side for side in shape if side != 1)


def _made(wrong: Wrong, X: FloatArray, D: FloatArray, text: str) -> Iterator[Guess]:
    """Give the gradient that inputs and D make, in the shape of the parameter: X' D of weights, the sum of a bias."""
    if not _is_weights(wrong):
        if D.shape[1] == np.prod(wrong.shape):
            yield text, D.sum(axis=0)[wrong.index]
        return
    for whole in (X.T @ D, D.T @ X):
        if whole.shape == wrong.shape:
            yield text, whole.ravel()[wrong.index]


def _is_weights(wrong: Wrong) -> bool:
    return len(wrong.shape) == 2 and wrong.inputs.shape[1] in wrong.shape and len(_long(wrong.shape)) == 2


def _inner(wrong: Wrong) -> FloatArray | None:
    """Give D = dL/d(XW + b), (batch, width); None where the parameter is neither W nor b of such a layer."""
    by_sample = np.einsum("kbm,bm->kb", wrong.changes, wrong.cotangent)
    if len(wrong.index) != np.prod(wrong.shape):
        return None
    if not _is_weights(wrong):
        return by_sample.T if len(_long(wrong.shape)) <= 1 else None
    n = wrong.inputs.shape[1]
    for turned in (False, True):
        if wrong.shape[1 if turned else 0] != n:
            continue
        each = by_sample.reshape(*wrong.shape, -1)
        D = _shared(np.swapaxes(each, 0, 1) if turned else each, wrong.inputs)
        if D is not None:
            return D
    return None


def _shared(by_sample: FloatArray, X: FloatArray) -> FloatArray | None:
    """Give D of which changes by (input, output, sample) are x times D, None where they are not."""
    at = np.argmax(np.abs(X), axis=1)
    samples = np.arange(len(X))
    D = by_sample[at, :, samples] / X[samples, at][:, None]
    expected = np.einsum("bi,bj->ijb", X, D)
    size = float(np.abs(by_sample).max(initial=0.0))
    return D if np.all(np.abs(expected - by_sample) <= _CLOSE * size) else None
