"""Mistakes as their authors would tell them, listed before any hypothesis was looked at. One kind per block.

The list says what was done, never what the tool should answer: that is in ``expected``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .bases import LINEAR, PIECEWISE, ROWWISE, SMOOTH, SQUARE, arctan, lecun, sharp, steep
from .kind import Array, Base, Kinds, Spoilt, of, several

ROOT = np.sqrt(2 / np.pi)
LISTED = Kinds()
_of = LISTED.of_gradient

EITHER = (*SMOOTH, *PIECEWISE[:4], *ROWWISE)
STEEP = (steep(3.0), steep(0.3), steep(0.125), arctan(2.0), arctan(5.0), of("sine", omega=30), of("softmax", stretch=3))
STEEP += (of("softmax", stretch=0.2), of("softmax", stretch=7))

# -------------------------------------------------------------------------------- factors

_of("negated", "a minus sign too many, or one forgotten", EITHER, lambda J: -J)
_of("doubled", "the 2 of a square taken twice", (*SMOOTH, *ROWWISE), lambda J: 2 * J)
_of("halved", "a 1/2 too many", several("tanh", "softplus", "relu", "softmax", "glu", "mish", "elu"), lambda J: J / 2)
_of("a tenth", "scaled by hand", several("sigmoid", "silu", "leaky-relu", "swiglu"), lambda J: 0.1 * J)
_of(
    "divided by the batch size",
    "the mean of the loss taken in the activation",
    (*SMOOTH[:6], *ROWWISE[:5]),
    lambda J, X: J / len(X),
)
_of(
    "divided by the width",
    "the mean over the features taken in the activation",
    several("sigmoid", "tanh", "relu", "softmax", "layer-norm", "rms-norm", "log-softmax"),
    lambda J, X: J / X.shape[1],
)


def _last_parameter(base: Base) -> float:
    return base.parameters[-1][1]


_of("inner factor forgotten", "the chain rule's factor left out", STEEP, lambda J, base: J / _last_parameter(base))
_of("inner factor taken twice", "the chain rule's factor twice", STEEP, lambda J, base: J * _last_parameter(base))
_of(
    "outer factor forgotten",
    "a of a tanh(bx) left out",
    (lecun(1.7159, 2 / 3), lecun(3, 1)),
    lambda J, base: J / base.value("a"),
)

# -------------------------------------------------------------------------------- the wrong argument

_of(
    "at the output",
    "the derivative called with the activation's output, which wants the input",
    (
        *SMOOTH[:10],
        *several("elu", "log-sigmoid", "hard-swish"),
        lecun(1.7159, 2 / 3),
        *several("softmax", "layer-norm"),
    ),
    lambda A, f: f.gradient(A),
)
_IN_OUTPUT = {
    "sigmoid": lambda A: A * (1 - A),
    "tanh": lambda A: 1 - A**2,
    "softplus": lambda A: 1 - np.exp(-A),
    "elu": lambda A: np.where(A > 0, 1, A + 1),
    "softsign": lambda A: (1 - np.abs(A)) ** 2,
    "softmax": lambda A: A[:, :, None] * (np.eye(A.shape[1]) - A[:, None, :]),
    "log-sigmoid": lambda A: 1 - np.exp(A),
    "tanh-shrink": lambda A: (1 - 0 * A) * A**2,
}


@LISTED.add(
    "output's formula on the input",
    "a formula in the output, such as a (1 - a), given the input",
    several("sigmoid", "tanh", "softplus", "elu", "softsign", "softmax"),
)
def _formula_of_output(base: Base) -> Iterator[Spoilt]:
    yield Spoilt("", base.spoilt(_IN_OUTPUT[base.name]))


_of("value returned", "the activation itself returned", (*SMOOTH, *PIECEWISE[:5]), lambda A: A)
_of("input returned", "x handed back", several("relu", "tanh", "gelu", "sine", "silu"), lambda X: X + 0)
_of(
    "at minus x",
    "the sign lost inside",
    several("sigmoid", "softplus", "silu", "gelu", "elu", "mish"),
    lambda X, f: f.gradient(-X),
)
_of(
    "at a multiple of x",
    "the inner factor applied once too often, or not at all",
    (*several("sigmoid", "tanh", "gelu", "silu", "gaussian"),),
    lambda X, f, detail: f.gradient(detail * X),
    (2, 0.5),
)
_of("at x shifted", "x + 1 for x", several("sigmoid", "tanh", "softplus", "gelu"), lambda X, f: f.gradient(X + 1))
_of(
    "at the absolute value",
    "|x| for x",
    several("softplus", "silu", "elu", "gaussian", "sine"),
    lambda X, f: f.gradient(np.abs(X)),
)
_of(
    "at the rounded input",
    "x cast to whole numbers on the way in",
    several("tanh", "silu", "softplus"),
    lambda X, f: f.gradient(np.trunc(X)),
)

# -------------------------------------------------------------------------------- something else's gradient

_OTHERS = {
    "gelu": ("gelu-tanh", "silu", "relu"),
    "gelu-tanh": ("gelu",),
    "silu": ("mish", "gelu", "hard-swish"),
    "sigmoid": ("tanh", "hard-sigmoid"),
    "tanh": ("sigmoid", "softsign", "hard-tanh"),
    "softplus": ("relu", "log-sigmoid"),
    "leaky-relu": ("relu",),
    "relu": ("leaky-relu", "softplus"),
    "relu6": ("relu",),
    "elu": ("selu", "relu"),
    "selu": ("elu",),
    "hard-swish": ("silu",),
    "hard-sigmoid": ("sigmoid",),
    "mish": ("silu",),
    "log-sigmoid": ("softplus",),
    "softmax": ("log-softmax", "softmin"),
    "log-softmax": ("softmax",),
    "glu": ("swiglu",),
    "layer-norm": ("rms-norm",),
    "rms-norm": ("layer-norm", "l2-normalize"),
}


@LISTED.add("another's gradient", "the derivative of a relative copied", several(*_OTHERS))
def _of_another(base: Base) -> Iterator[Spoilt]:
    for other in _OTHERS[base.name]:
        yield Spoilt(other, base.spoilt(of(other).make().gradient))


_VALUES = (
    (of("leaky-relu", negative_slope=0.2), {"negative_slope": 0.01}),
    (of("leaky-relu", negative_slope=0.01), {"negative_slope": 0.1}),
    (of("elu", alpha=0.5), {"alpha": 1.0}),
    (of("elu", alpha=1.0), {"alpha": 1.6732}),
    (of("celu", alpha=2.0), {"alpha": 1.0}),
    (of("silu", beta=1.702), {"beta": 1.0}),
    (of("silu", beta=1.0), {"beta": 1.702}),
    (of("prelu", slope=0.25), {"slope": 0.01}),
    (of("softmax", stretch=2.0), {"stretch": 1.0}),
    (of("softmax", stretch=1.0), {"stretch": 0.5}),
    (of("sine", omega=30), {"omega": 1.0}),
    (of("snake", a=5.0), {"a": 1.0}),
    (of("squareplus", b=2.0), {"b": 4.0}),
    (of("soft-shrink", threshold=0.5), {"threshold": 1.0}),
    (of("layer-norm", eps=0.1), {"eps": 1e-5}),
    (of("rms-norm", eps=0.5), {"eps": 1e-6}),
    (steep(3.0), {"k": 1.0}),
    (lecun(1.7159, 2 / 3), {"b": 1.0}),
    (sharp(3.0), {"beta": 1.0}),
)


@LISTED.add(
    "another parameter value", "a constant written out, or the default taken", tuple(base for base, _ in _VALUES)
)
def _other_value(base: Base) -> Iterator[Spoilt]:
    for known, changed in _VALUES:
        if known is base:
            yield Spoilt(str(changed), base.spoilt(base.make(**changed).gradient))


_of(
    "ones",
    "the gradient of the identity",
    several("relu", "tanh", "leaky-relu", "silu", "softsign"),
    lambda J: np.ones_like(J),
)
_of("zeros", "never filled in", several("sigmoid", "relu", "tanh", "softmax", "glu"), lambda J: 0 * J)
_of(
    "cotangent passed through",
    "the identity matrix, since the loss takes care of it",
    several("softmax", "log-softmax", "layer-norm"),
    lambda X: np.broadcast_to(np.eye(X.shape[1]), (len(X), X.shape[1], X.shape[1])).copy(),
)

# -------------------------------------------------------------------------------- matrices

_of("transposed", "rows and columns exchanged", (of("log-softmax"), SQUARE), lambda J: np.swapaxes(J, 1, 2))
_of(
    "diagonal alone",
    "p (1 - p): the diagonal for the whole",
    (*several("softmax", "log-softmax", "layer-norm", "rms-norm", "softmin"), of("softmax", stretch=2), SQUARE),
    lambda J: np.diagonal(J, axis1=1, axis2=2).copy(),
)
_of(
    "zero off the diagonal",
    "np.diag of the diagonal",
    (*several("softmax", "log-softmax", "layer-norm", "l2-normalize", "squash"), SQUARE),
    lambda J: J * np.eye(J.shape[1]),
)
_of(
    "delta forgotten",
    "- a_i a_j everywhere",
    (*several("softmax", "softmin"), of("softmax", stretch=2), of("softmax", stretch=0.5)),
    lambda A, base: (
        -dict(base.parameters).get("stretch", -1 if base.name == "softmin" else 1) * A[:, :, None] * A[:, None, :]
    ),
)
_of(
    "zero on the diagonal",
    "the case i = j left out",
    several("softmax", "layer-norm", "rms-norm", "log-softmax"),
    lambda J: J * (1 - np.eye(J.shape[1])),
)
_of(
    "sign off the diagonal",
    "a_i a_j for - a_i a_j",
    (*several("softmax", "softmin", "log-softmax", "rms-norm"), of("softmax", stretch=2), SQUARE),
    lambda J: J * (2 * np.eye(J.shape[1]) - 1),
)
_of(
    "sign on the diagonal",
    "the case i = j with a minus",
    several("softmax", "layer-norm", "squash"),
    lambda J: J * (1 - 2 * np.eye(J.shape[1])),
)
_of(
    "summed over the outputs",
    "ones as cotangent, as autograd of a.sum() gives",
    (*several("log-softmax", "swiglu", "rms-norm"), SQUARE, LINEAR),
    lambda J: J.sum(axis=1),
)
_of("upper triangle", "j > i forgotten", (*several("softmax", "layer-norm"), SQUARE), lambda J: np.tril(J))

# -------------------------------------------------------------------------------- rows

_ROWS = (*several("sigmoid", "tanh", "gelu", "silu", "softplus", "softmax", "layer-norm"), SQUARE)
_of(
    "mean over the batch", "np.mean(axis=0) too early", _ROWS, lambda J: np.broadcast_to(J.mean(axis=0), J.shape).copy()
)
_of("sum over the batch", "np.sum(axis=0) too early", _ROWS, lambda J: np.broadcast_to(J.sum(axis=0), J.shape).copy())
_of("first row for all", "X[0] in a loop over b", _ROWS, lambda J: np.broadcast_to(J[:1], J.shape).copy())
_of("rows reversed", "the batch read backwards", _ROWS, lambda J: J[::-1].copy())
_of("rows shifted", "one off in the batch", _ROWS, lambda J: np.roll(J, 1, axis=0))
_of(
    "columns shifted",
    "one off in the row",
    several("sigmoid", "tanh", "gelu", "softplus"),
    lambda J: np.roll(J, 1, axis=1),
)
_of("columns reversed", "the row read backwards", several("sigmoid", "tanh", "silu"), lambda J: J[:, ::-1].copy())


def _softmax(X: Array, axis: int | None) -> Array:
    E = np.exp(X - X.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


@LISTED.add("softmax over the wrong axis", "normalised over the batch, or all of it", several("softmax", "softmin"))
def _wrong_axis(base: Base) -> Iterator[Spoilt]:
    sign = -1 if base.name == "softmin" else 1
    for axis in (0, None):

        def gradient(X: Array, axis: int | None = axis) -> Array:
            P = _softmax(sign * X, axis)
            return sign * P[:, :, None] * (np.eye(X.shape[1]) - P[:, None, :])

        yield Spoilt(f"axis {axis}", base.spoilt(gradient))


# -------------------------------------------------------------------------------- part of the line

_of(
    "zero on the left",
    "only x > 0 thought of",
    several("softplus", "elu", "leaky-relu", "silu", "mish", "tanh"),
    lambda J, X: np.where(X > 0, J, 0),
)
_of(
    "one on the right",
    "the straight part of another",
    several("gelu", "silu", "mish", "tanh"),
    lambda J, X: np.where(X > 0, 1, J),
)
_of(
    "sign far out",
    "a sign lost in a tail",
    (*several("sigmoid", "tanh", "softsign", "gaussian"), arctan(1.0)),
    lambda J, X, detail: np.where(np.abs(X) > detail, -J, J),
    (2.0, 3.0),
)
_of(
    "zero far out",
    "a tail cut off",
    several("sigmoid", "tanh", "softsign", "squareplus", "log-sigmoid"),
    lambda J, X, detail: np.where(np.abs(X) > detail, 0, J),
    (2.5, 4.0),
)
_of(
    "cut on the right",
    "a guard against overflow, set too low",
    several("softplus", "silu", "gelu", "sigmoid"),
    lambda J, X, detail: np.where(detail < X, 0, J),
    (3.0, 5.0),
)
_of(
    "input clipped",
    "np.clip(x, -t, t) against overflow",
    several("softsign", "silu", "squareplus", "sine", "tanh"),
    lambda X, f, detail: f.gradient(np.clip(X, -detail, detail)),
    (1.5, 2.5),
)
_of(
    "gradient clipped",
    "clipped against explosion",
    (of("sine", omega=30), of("sine", omega=5), steep(8.0), of("tanh-shrink")),
    lambda J: np.clip(J, -0.6, 0.6),
)
_of("kink misplaced", "x > 1 for x > 0", several("relu", "leaky-relu", "elu"), lambda X, f: f.gradient(X - 1))
_of(
    "doubled on the left",
    "a factor in one branch",
    several("elu", "tanh", "selu", "silu", "leaky-relu"),
    lambda J, X: np.where(X < 0, 2 * J, J),
)
_of(
    "negated on the left",
    "a sign in one branch",
    several("elu", "softsign", "sigmoid", "leaky-relu", "softplus"),
    lambda J, X: np.where(X < 0, -J, J),
)
_of(
    "wrong at zero",
    "the border case forgotten",
    several("softplus", "sigmoid", "tanh", "elu", "log-sigmoid"),
    lambda J, X: np.where(X == 0, 0, J),
)
_of(
    "wrong in one column",
    "an index off by one",
    several("sigmoid", "tanh", "gelu", "softmax"),
    lambda J, X: np.where(np.arange(X.shape[1]) == 2, 1.5 * J, J),
)
_of(
    "last column left out",
    "range(n - 1)",
    several("sigmoid", "silu", "softplus"),
    lambda J, X: np.where(np.arange(X.shape[1]) == X.shape[1] - 1, 0, J),
)

# -------------------------------------------------------------------------------- terms and factors of the formula

_PARTS = {
    "silu": {"sigma alone": lambda X, s, t: s, "x sigma' alone": lambda X, s, t: X * s * (1 - s)},
    "gelu-tanh": {
        "half the tanh alone": lambda X, s, t: 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3)))
    },
    "tanh": {
        "not squared": lambda X, s, t: 1 - t,
        "one forgotten": lambda X, s, t: -(t**2),
        "plus for minus": lambda X, s, t: 1 + t**2,
        "cubed": lambda X, s, t: 1 - t**3,
    },
    "sigmoid": {
        "squared": lambda X, s, t: s * (1 - s) ** 2,
        "without s": lambda X, s, t: 1 - s,
        "plus for minus": lambda X, s, t: s * (1 + s),
        "s - s cubed": lambda X, s, t: s - s**3,
    },
    "softsign": {
        "not squared": lambda X, s, t: 1 / (1 + np.abs(X)),
        "x for its size": lambda X, s, t: 1 / (1 + X) ** 2,
    },
    "mish": {"gate alone": lambda X, s, t: np.tanh(np.logaddexp(0, X))},
    "gaussian": {
        "inner derivative forgotten": lambda X, s, t: np.exp(-(X**2)),
        "2 forgotten": lambda X, s, t: -X * np.exp(-(X**2)),
    },
    "softplus": {"exp alone": lambda X, s, t: np.exp(np.minimum(X, 50))},
    "tanh-shrink": {"1 - tanh": lambda X, s, t: 1 - t, "tanh for its square": lambda X, s, t: t},
    "sine": {"minus the cosine": lambda X, s, t: -np.cos(X), "sine": lambda X, s, t: np.sin(X)},
}


@LISTED.add("part of the formula", "a term, a factor or a power left out", several(*_PARTS))
def _part(base: Base) -> Iterator[Spoilt]:
    for detail, part in _PARTS[base.name].items():

        def gradient(X: Array, part=part) -> Array:
            with np.errstate(all="ignore"):
                return part(X, 1 / (1 + np.exp(-np.clip(X, -700, 700))), np.tanh(X))

        yield Spoilt(detail, base.spoilt(gradient))


_of("gradient squared", "a power too many", several("sigmoid", "tanh", "softsign", "softplus"), lambda J: J**2)
_of("reciprocal", "dx/da for da/dx", several("softsign", "softplus", "sigmoid", "squareplus"), lambda J: 1 / J)
_of("absolute value of the gradient", "a sign lost", several("gaussian", "sine", "silu", "mish"), lambda J: np.abs(J))
_of(
    "constant added",
    "an epsilon against zero",
    several("tanh", "sigmoid", "relu", "softmax"),
    lambda J, detail: J + detail,
    (1.0, 0.01),
)
_of("x added", "a residual's 1 mistaken for x", several("tanh", "silu", "gelu"), lambda J, X: J + X)
_of("value added", "f' + f", several("tanh", "silu", "sine", "softplus"), lambda J, A: J + A)


@LISTED.add(
    "second derivative", "differentiated once too often", several("tanh", "sigmoid", "softplus", "gaussian", "sine")
)
def _second(base: Base) -> Iterator[Spoilt]:
    f = base.make()
    h = 2.0**-12
    yield Spoilt(
        "",
        base.spoilt(
            lambda X: (
                (8 * (f.gradient(X + h) - f.gradient(X - h)) - f.gradient(X + 2 * h) + f.gradient(X - 2 * h)) / (12 * h)
            )
        ),
    )


@LISTED.add(
    "derivative by the parameter",
    "d/d beta for d/dx",
    (of("silu", beta=1.5), of("prelu", slope=0.25), of("sine", omega=2.0)),
)
def _by_the_parameter(base: Base) -> Iterator[Spoilt]:
    name, value = base.parameters[0]
    h = 2.0**-12
    f, g, p, q = (base.make(**{name: value + k * h}) for k in (-1, 1, -2, 2))
    yield Spoilt("", base.spoilt(lambda X: (8 * (g(X) - f(X)) - q(X) + p(X)) / (12 * h)))


@LISTED.add(
    "difference quotient",
    "(f(x + h) - f(x)) / h with a large h",
    several("sigmoid", "tanh", "gelu", "softplus", "silu"),
)
def _quotient(base: Base) -> Iterator[Spoilt]:
    f = base.make()
    for h in (1e-2, 1e-3):
        yield Spoilt(f"forward {h:g}", base.spoilt(lambda X, h=h: (f(X + h) - f(X)) / h))
    yield Spoilt("central 0.1", base.spoilt(lambda X: (f(X + 0.1) - f(X - 0.1)) / 0.2))


# -------------------------------------------------------------------------------- precision


@LISTED.add(
    "constant rounded", "a constant with too few digits", (*several("selu", "gelu-tanh", "gelu"), lecun(1.7159, 2 / 3))
)
def _rounded(base: Base) -> Iterator[Spoilt]:
    if base.name == "selu":
        for alpha, scale in ((1.67326, 1.0507), (1.6733, 1.0507)):
            yield Spoilt(
                f"{scale}",
                base.spoilt(lambda X, a=alpha, s=scale: s * np.where(X > 0, 1, a * np.exp(np.minimum(X, 0)))),
            )
    if base.name == "gelu-tanh":
        for cube in (0.0447, 0.045):

            def gradient(X: Array, cube: float = cube) -> Array:
                C = np.clip(X, -40, 40)
                T = np.tanh(ROOT * (C + cube * C**3))
                return (1 + T) / 2 + C / 2 * (1 - T**2) * ROOT * (1 + 3 * cube * C**2)

            yield Spoilt(f"{cube}", base.spoilt(gradient))
    if base.name == "scaled-tanh":
        yield Spoilt("0.6667", base.spoilt(base.make(b=0.6667).gradient))
        yield Spoilt("1.716", base.spoilt(base.make(a=1.716).gradient))


_of(
    "single precision",
    "astype(float32) inside",
    (*SMOOTH[:9], *several("softmax", "layer-norm", "glu")),
    lambda X, f: f.gradient(X.astype(np.float32)).astype(np.float64),
)
_of(
    "half precision",
    "astype(float16) of the result",
    (*SMOOTH[:4], of("softmax")),
    lambda J: J.astype(np.float16).astype(np.float64),
)
_of(
    "rounded to decimals", "np.round(g, 3)", (*SMOOTH[:4], of("softmax")), lambda J, detail: np.round(J, detail), (3, 6)
)
_of(
    "off by a rounded factor",
    "0.999 for 1",
    (*SMOOTH[:4], *several("softmax", "relu")),
    lambda J, detail: J * (1 + detail),
    (1e-3, 1e-5),
)


@LISTED.add("noise", "dropout, or a random number, in the gradient", several("tanh", "softplus", "softmax"))
def _noise(base: Base) -> Iterator[Spoilt]:
    f = base.make()

    def gradient(X: Array) -> Array:
        J = f.gradient(X)
        # The same for the same numbers, so that the contract holds.
        return J * (1 + 1e-4 * np.sin(1e9 * X if X.shape == J.shape else 1e9 * X[:, None, :]))

    yield Spoilt("", base.spoilt(gradient))


# -------------------------------------------------------------------------------- several at once

_of("negated and doubled", "two mistakes", (*SMOOTH[:6], *ROWWISE[:3]), lambda J: -2 * J)
_of(
    "transposed and scaled",
    "two mistakes",
    (of("log-softmax"), SQUARE),
    lambda J, detail: detail * np.swapaxes(J, 1, 2),
    (-1, 2, 0.5),
)
_of(
    "another's, doubled",
    "two mistakes",
    several("gelu", "sigmoid"),
    lambda X, base: 2 * of(_OTHERS[base.name][0]).make().gradient(X),
)
