"""Mistakes that were added with the hypotheses at hand: corners of each family, and what the first list left out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .bases import LINEAR, ROWWISE, SQUARE, SquareTanhOfLinear, arctan, lecun, sharp, steep
from .kind import Array, Base, Kinds, Spoilt, of, several

ADDED = Kinds()
_of = ADDED.of_gradient


def _sigmoid(X: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(X, -700, 700)))


# -------------------------------------------------------------------------------- factors and their owners

_of(
    "parameter squared",
    "the parameter once more, squared",
    (steep(3), arctan(5), of("sine", omega=30), of("softmax", stretch=3)),
    lambda J, base: J * base.parameters[-1][1] ** 2,
)
_of(
    "root of the parameter forgotten",
    "the scale 1/√k left out",
    (steep(3), arctan(5), of("softmax", stretch=7)),
    lambda J, base: J / np.sqrt(base.parameters[-1][1]),
)
_of(
    "times a known constant",
    "radians, or a change of the logarithm",
    several("sine", "softplus", "tanh"),
    lambda J, detail: detail * J,
    (np.pi, np.log(2)),
)
_of(
    "times the width",
    "summed, then not averaged",
    several("gelu", "silu", "softmax", "glu"),
    lambda J, X: J * X.shape[1],
)
_of(
    "times the batch size",
    "summed over the batch for a mean",
    several("gelu", "tanh", "layer-norm"),
    lambda J, X: J * len(X),
)

# -------------------------------------------------------------------------------- matrices

_SQUARES = (*several("softmax", "layer-norm", "rms-norm"), SQUARE)
_of("off the diagonal doubled", "i < j and j < i both counted", _SQUARES, lambda J: J * (2 - np.eye(J.shape[1])))
_of("diagonal halved", "the case i = j half counted", _SQUARES, lambda J: J * (1 - 0.5 * np.eye(J.shape[1])))
_of(
    "columns of a Jacobian shifted",
    "an index off by one",
    (SQUARE, LINEAR, of("layer-norm"), of("log-softmax")),
    lambda J: np.roll(J, 1, axis=2),
)
_of(
    "outputs of a Jacobian shifted",
    "an index off by one",
    (SQUARE, LINEAR, of("glu"), of("log-softmax")),
    lambda J: np.roll(J, 1, axis=1),
)
_of("outputs reversed", "read backwards", (SQUARE, LINEAR), lambda J: J[:, ::-1].copy())
_of("one entry wrong", "a typo", (SQUARE, LINEAR, *several("softmax", "layer-norm")), lambda J: J + 0.1 * _one(J, 2, 1))
_of(
    "one output wrong",
    "a typo in a line",
    (SQUARE, LINEAR, *several("softmax", "rms-norm")),
    lambda J: np.where(np.arange(J.shape[1])[:, None] == 1, 3 * J, J),
)
_of(
    "below the diagonal negated",
    "i > j with another sign",
    (SQUARE, of("softmax")),
    lambda J: J * np.where(np.tri(J.shape[1], k=-1) > 0, -1, 1),
)


def _one(J: Array, i: int, j: int) -> Array:
    one = np.zeros(J.shape[1:])
    one[i, j] = 1
    return one


_of(
    "outer product lost",
    "np.dot of two vectors",
    (of("softmax"), of("softmax", stretch=2)),
    lambda A, base: (
        dict(base.parameters).get("stretch", 1)
        * (A[:, :, None] * np.eye(A.shape[1]) - (A * A).sum(axis=1)[:, None, None])
    ),
)
_of(
    "product for outer product",
    "a * a for a aᵀ",
    (of("softmax"),),
    lambda A: A[:, :, None] * np.eye(A.shape[1]) - (A * A)[:, None, :],
)
_of(
    "factor forgotten off the diagonal",
    "stretch at i = j only",
    (of("softmax", stretch=2), of("softmax", stretch=0.5)),
    lambda J, base: np.where(np.eye(J.shape[1]) > 0, J, J / base.value("stretch")),
)


def _parts(X: Array) -> tuple[Array, Array, Array]:
    deviation = np.sqrt(X.var(axis=1, keepdims=True) + 1e-5)
    return (X - X.mean(axis=1, keepdims=True)) / deviation, deviation[:, :, None], np.eye(X.shape[1])


@ADDED.add(
    "part of a normalisation",
    "the mean, or the variance, taken for a constant",
    several("layer-norm", "l2-normalize", "rms-norm"),
)
def _of_normalisation(base: Base) -> Iterator[Spoilt]:
    def without_mean(X: Array) -> Array:
        A, deviation, unit = _parts(X)
        return (unit - A[:, :, None] * A[:, None, :] / X.shape[1]) / deviation

    def without_variance(X: Array) -> Array:
        _, deviation, unit = _parts(X)
        return (unit - 1 / X.shape[1]) / deviation

    def length_constant(X: Array) -> Array:
        length = np.linalg.norm(X, axis=1)[:, None, None] / (1 if base.name == "l2-normalize" else np.sqrt(X.shape[1]))
        return np.eye(X.shape[1]) / (
            np.maximum(length, 1e-12) if base.name == "l2-normalize" else np.hypot(length, 1e-3)
        )

    if base.name == "layer-norm":
        yield Spoilt("mean", base.spoilt(without_mean))
        yield Spoilt("variance", base.spoilt(without_variance))
    else:
        yield Spoilt("length", base.spoilt(length_constant))


@ADDED.add("inner weights transposed", "W for its transpose in one of two places", (SQUARE,))
def _weights(base: Base) -> Iterator[Spoilt]:
    W = SquareTanhOfLinear().W
    yield Spoilt("", base.spoilt(lambda X: (1 - np.tanh(X @ W) ** 2)[:, :, None] * W))


# -------------------------------------------------------------------------------- rows

_of(
    "last row left out",
    "range(len(X) - 1)",
    (*several("tanh", "silu", "softmax"), SQUARE),
    lambda J: np.concatenate([J[:-1], 0 * J[-1:]]),
)
_of(
    "every second row left out",
    "a stride of 2",
    (*several("tanh", "gelu", "softmax"),),
    lambda J: np.where((np.arange(len(J)) % 2).reshape(-1, *[1] * (J.ndim - 1)) == 1, 0, J),
)
_of(
    "last row for all",
    "the loop's last value kept",
    several("sigmoid", "softmax"),
    lambda J: np.broadcast_to(J[-1:], J.shape).copy(),
)
_of(
    "mean over the columns",
    "np.mean(axis=1) too early",
    several("tanh", "sigmoid", "gelu"),
    lambda J: np.broadcast_to(J.mean(axis=1, keepdims=True), J.shape).copy(),
)
_of(
    "sum over the columns",
    "np.sum(axis=1) too early",
    several("tanh", "softplus"),
    lambda J: np.broadcast_to(J.sum(axis=1, keepdims=True), J.shape).copy(),
)
_of(
    "right for few rows only",
    "a buffer of three rows",
    several("tanh", "softmax"),
    lambda J: J if len(J) <= 3 else 0.5 * J,
)

# -------------------------------------------------------------------------------- part of the line

_of(
    "band doubled",
    "a case too many",
    several("tanh", "softplus", "gelu"),
    lambda J, X: np.where((X > 1) & (X < 2.5), 2 * J, J),
)
_of(
    "around zero",
    "a guard against division by zero, too wide",
    several("tanh", "sigmoid", "silu"),
    lambda J, X, detail: np.where(np.abs(X) < detail, 1.5, J),
    (0.5, 1.5),
)
_of(
    "above a threshold",
    "a factor in one case",
    several("softplus", "silu", "softsign"),
    lambda J, X, detail: np.where(detail < X, 1.5 * J, J),
    (1.0, 3.0),
)
_of(
    "below a threshold",
    "a sign in one case",
    several("log-sigmoid", "tanh", "softsign"),
    lambda J, X, detail: np.where(detail < -X, -J, J),
    (1.0, 2.0),
)
_of(
    "not finite far out",
    "exp(x) overflows",
    several("softplus", "silu", "tanh"),
    lambda J, X: np.where(X > 30, np.nan, J),
)
_of("not finite at zero", "x / x", several("silu", "tanh-shrink", "sine"), lambda J, X: np.where(X == 0, np.nan, J))
_of(
    "beyond the slopes at the kink",
    "2 at x = 0",
    several("relu", "leaky-relu", "elu", "hard-swish"),
    lambda J, X: np.where((-3 if J.min() < 0 else 0) == X, 2, J),
)
_of("zero at the kink's far side", "the slope beyond 6 kept", (of("relu6"),), lambda J, X: np.where(X > 6, 1, J))

# -------------------------------------------------------------------------------- arguments, formulas

_of(
    "at zero",
    "the wrong variable, never set",
    several("sigmoid", "tanh", "gelu", "softplus"),
    lambda X, f: f.gradient(0 * X),
)
_of("at x squared", "x² for x", several("tanh", "gelu", "softplus"), lambda X, f: f.gradient(X * X))
_of(
    "at the parameter times x",
    "the inner factor twice inside",
    (of("sine", omega=3), arctan(5), steep(3)),
    lambda X, f, base: f.gradient(base.parameters[0][1] * X),
)
_of(
    "at rounded x",
    "a look-up table",
    several("tanh", "softplus", "gaussian"),
    lambda X, f, detail: f.gradient(np.round(X, detail)),
    (1, 2),
)
_of(
    "input cut off above",
    "np.minimum(x, t) against overflow",
    several("softplus", "silu", "squareplus"),
    lambda X, f: f.gradient(np.minimum(X, 2.0)),
)
_of("root of the gradient", "a square forgotten", several("softsign", "sigmoid", "softplus"), lambda J: np.sqrt(J))
_of(
    "inner factor of the second term forgotten",
    "product rule without the inner derivative",
    (of("silu", beta=2), of("silu", beta=3), of("silu", beta=0.5)),
    lambda X, base: (
        _sigmoid(base.value("beta") * X) + X * _sigmoid(base.value("beta") * X) * (1 - _sigmoid(base.value("beta") * X))
    ),
)
_of(
    "sign of the second term",
    "u - x u'",
    several("silu", "gelu", "mish", "hard-swish"),
    lambda J, A, X: 2 * np.where(X == 0, J, A / np.where(X == 0, 1, X)) - J,
)
_of(
    "tanh's formula",
    "1 - a² whatever a is",
    (*several("softsign", "gaussian", "sine", "softplus", "sigmoid"), steep(3)),
    lambda A: 1 - A**2,
)
_of(
    "sigmoid's formula",
    "a (1 - a) whatever a is",
    several("tanh", "softsign", "gelu", "gaussian"),
    lambda A: A * (1 - A),
)
_of(
    "softmax's formula",
    "a (δ - a) whatever a is",
    several("layer-norm", "rms-norm", "l2-normalize", "sparsemax"),
    lambda A: A[:, :, None] * (np.eye(A.shape[1]) - A[:, None, :]),
)
_of(
    "factor known by name",
    "a factor of the formula left out",
    several("gaussian", "sine", "softsign"),
    lambda J, X: J / (1 + X * X),
)
_of(
    "difference quotient of a Jacobian",
    "(f(x + h e_j) - f(x)) / h",
    (*several("softmax", "rms-norm", "glu"), SQUARE),
    lambda X, f: _quotient(X, f, 1e-3),
)
_of(
    "backward difference",
    "(f(x) - f(x - h)) / h",
    several("tanh", "softplus"),
    lambda X, f, detail: (f(X) - f(X - detail)) / detail,
    (1e-2, 1e-4),
)


def _quotient(X: Array, f: Array, h: float) -> Array:
    columns = [(f(X + h * unit) - f(X)) / h for unit in np.eye(X.shape[1])]
    return np.stack(columns, axis=2)


# -------------------------------------------------------------------------------- precision and state

_of(
    "into integers",
    "np.zeros_like of integers filled",
    (*several("silu", "sine", "gelu"), of("sine", omega=5)),
    lambda J: np.trunc(J),
)
_of(
    "half precision inside",
    "computed in float16, returned in float64",
    several("tanh", "sigmoid", "softplus"),
    lambda X, f: f.gradient(X.astype(np.float16)).astype(np.float64),
)
_of(
    "constant of few digits",
    "a factor with a digit missing",
    (*several("gelu", "mish", "layer-norm"), sharp(3)),
    lambda J: 1.0004 * J,
)


@ADDED.add("another at each call", "a random number", several("tanh", "softmax"))
def _random(base: Base) -> Iterator[Spoilt]:
    f, generator = base.make(), np.random.default_rng(0)
    yield Spoilt("", base.spoilt(lambda X: f.gradient(X) * (1 + 0.01 * generator.standard_normal())))


# -------------------------------------------------------------------------------- the value is the mistake


@ADDED.add(
    "value of another", "the forward of a relative copied", several("sigmoid", "tanh", "silu", "gelu", "softplus")
)
def _value(base: Base) -> Iterator[Spoilt]:
    others = {
        "sigmoid": ("tanh",),
        "tanh": ("sigmoid", "softsign"),
        "silu": ("mish",),
        "gelu": ("gelu-tanh", "silu"),
        "softplus": ("squareplus",),
    }
    f = base.make()
    for other in others[base.name]:
        called = type(base.cls.__name__, (of(other).cls,), {"gradient": lambda self, X: f.gradient(X)})
        yield Spoilt(other, called())


# -------------------------------------------------------------------------------- shapes

_of(
    "diagflat of the batch",
    "np.diagflat of a whole batch",
    several("sigmoid", "tanh", "relu", "gelu"),
    lambda J: np.diagflat(J),
)
_of("batch axis summed", "np.sum(axis=0)", several("tanh", "silu"), lambda J: J.sum(axis=0))
_of("one Jacobian for all", "the first row's", (of("softmax"), SQUARE), lambda J: J[0])
_of("features summed", "np.sum(axis=1)", several("tanh", "gelu"), lambda J: J.sum(axis=1))
_of("batch last", "np.stack(..., axis=-1)", (of("softmax"), of("layer-norm")), lambda J: np.moveaxis(J, 0, -1))
_of(
    "transposed, not square",
    "rows and columns exchanged",
    (of("glu"), of("swiglu"), LINEAR),
    lambda J: np.swapaxes(J, 1, 2),
)
_of(
    "of all rows by all rows",
    "np.kron, or a loop over both",
    (of("softmax"), SQUARE),
    lambda J: np.einsum("bij,bc->bicj", J, np.eye(len(J))),
)

# -------------------------------------------------------------------------------- several at once

_of(
    "negated off the diagonal and doubled",
    "two mistakes",
    several("softmax", "rms-norm"),
    lambda J: 2 * J * (2 * np.eye(J.shape[1]) - 1),
)
_of(
    "negated on one side and tripled",
    "two mistakes",
    several("tanh", "softplus", "sigmoid"),
    lambda J, X: np.where(X > 0, -3 * J, J),
)
_of(
    "another parameter, negated",
    "two mistakes",
    (of("softmax", stretch=2), lecun(1.7159, 2 / 3)),
    lambda X, base: -base.make(**{base.parameters[-1][0]: 1.0}).gradient(X),
)
_of("another's, negated", "two mistakes", several("gelu", "silu"), lambda X: -of("mish").make().gradient(X))
_of("divided by the batch size and negated", "two mistakes", (*several("tanh"), *ROWWISE[:2]), lambda J, X: -J / len(X))
