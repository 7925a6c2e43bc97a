"""Every function of the catalogue as its textbook has it, without a thought for rounding, on `jets`.

All take a row, a list of Jets, and give one. Where there is a kink, the comparison says which side the place itself
belongs to: this is the sub-gradient that the catalogue promises.
"""

from __future__ import annotations

import mpmath as mp

from .jets import Jet, absolute, erfc, exp, log, sin, sqrt, tanh


def _relu(x: Jet, at_zero=1) -> Jet:
    if x.v == 0:
        return x * mp.mpf(at_zero)
    return x if x.v > 0 else x * 0


def _leaky(x: Jet, slope) -> Jet:
    return x if x.v >= 0 else x * mp.mpf(slope)


def _clip(x: Jet, low, high) -> Jet:
    if x.v < low:
        return x.constant(low)
    return x if x.v < high else x.constant(high)


def _sigmoid(x: Jet) -> Jet:
    return 1 / (1 + exp(-x))


def _softplus(x: Jet) -> Jet:
    return log(1 + exp(x))


def _elu(x: Jet, alpha=1) -> Jet:
    return x if x.v >= 0 else (exp(x) - 1) * mp.mpf(alpha)


def _gelu_tanh(x: Jet) -> Jet:
    z = mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x * x * x)
    return x * (1 + tanh(z)) / 2


_ELEMENTWISE = {
    "sigmoid": _sigmoid,
    "log-sigmoid": lambda x: -_softplus(-x),
    "tanh": tanh,
    "tanh-shrink": lambda x: x - tanh(x),
    "softsign": lambda x: x / (1 + absolute(x)),
    "linear": lambda x: x,
    "relu": _relu,
    "leaky-relu": lambda x, negative_slope=0.01: _leaky(x, negative_slope),
    "prelu": lambda x, slope=0.25: _leaky(x, slope),
    "relu6": lambda x: _clip(x, 0, 6),
    "hard-tanh": lambda x, min_val=-1, max_val=1: _clip(x, min_val, max_val),
    "hard-sigmoid": lambda x: _clip(x + 3, 0, 6) / 6,
    "threshold": lambda x, threshold=1, value=0: x if x.v > threshold else x.constant(value),
    "soft-shrink": lambda x, threshold=0.5: x - _clip(x, -threshold, threshold),
    "hard-shrink": lambda x, threshold=0.5: x if abs(x.v) > threshold else x * 0,
    "softplus": _softplus,
    "squareplus": lambda x, b=4: (x + sqrt(x * x + b)) / 2,
    "elu": _elu,
    "selu": lambda x: mp.mpf("1.0507009873554804934") * _elu(x, "1.6732632423543772848"),
    "celu": lambda x, alpha=1: x if x.v >= 0 else alpha * (exp(x / alpha) - 1),
    "gelu": lambda x: x * erfc(-x / mp.sqrt(2)) / 2,
    "gelu-tanh": _gelu_tanh,
    "silu": lambda x, beta=1: x * _sigmoid(beta * x),
    "mish": lambda x: x * tanh(_softplus(x)),
    "hard-swish": lambda x: x * _clip(x + 3, 0, 6) / 6,
    "gaussian": lambda x: exp(-(x * x)),
    "sine": lambda x, omega=1: sin(omega * x),
    "snake": lambda x, a=1: x + sin(a * x) * sin(a * x) / a,
}


def _at_its_place(function):
    return lambda xs, **parameters: [function(xs[0], **parameters)]


def _softmax(xs, stretch=1):
    es = [exp(stretch * x) for x in xs]
    total = sum(es)
    return [e / total for e in es]


def _logsumexp(xs):
    return log(sum(exp(x) for x in xs))


def _log_softmax(xs):
    total = _logsumexp(xs)
    return [x - total for x in xs]


def _sparsemax(xs):
    falling = sorted(xs, key=lambda x: -x.v)
    for k in range(len(xs), 0, -1):
        tau = (sum(falling[:k]) - 1) / k
        if falling[k - 1].v > tau.v:
            break
    return [x - tau if x.v > tau.v else x * 0 for x in xs]


def _maxout(xs, pieces=2):
    return [max(xs[i : i + pieces], key=lambda x: x.v) for i in range(0, len(xs), pieces)]


def _gate(xs, act):
    m = len(xs) // 2
    return [act(u, v) for u, v in zip(xs[:m], xs[m:], strict=True)]


def _length(xs):
    square = sum(x * x for x in xs)
    # The length has no derivative at 0; the functions below do.
    return sqrt(square) if square.v else square


def _layer_norm(xs, eps=1e-5):
    mean = sum(xs) / len(xs)
    return _rms_norm([x - mean for x in xs], eps)


def _rms_norm(xs, eps=1e-6):
    r = sqrt(sum(x * x for x in xs) / len(xs) + mp.mpf(eps))
    return [x / r for x in xs]


def _l2_normalize(xs, eps=1e-12):
    length = _length(xs)
    return [x / (length if length.v > eps else mp.mpf(eps)) for x in xs]


def _squash(xs):
    length = _length(xs)
    factor = length / (1 + length * length)
    return [x * factor for x in xs]


_DEPENDENT = {
    "softmax": _softmax,
    "softmin": lambda xs: _softmax(xs, -1),
    "log-softmax": _log_softmax,
    "logsumexp": lambda xs: [_logsumexp(xs)],
    "sparsemax": _sparsemax,
    "maxout": _maxout,
    "glu": lambda xs: _gate(xs, lambda u, v: u * _sigmoid(v)),
    "swiglu": lambda xs: _gate(xs, lambda u, v: u * _sigmoid(u) * v),
    "layer-norm": _layer_norm,
    "rms-norm": _rms_norm,
    "l2-normalize": _l2_normalize,
    "squash": _squash,
}

TRUTH = {name: _at_its_place(function) for name, function in _ELEMENTWISE.items()} | _DEPENDENT
