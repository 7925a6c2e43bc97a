"""The same work done by others, where they are installed, next to the lower bound and to ours.

Softmax: all 524,288 entries of the Jacobian of 8 rows of 256. Sigmoid: 100,000 entries; at ten million most of them
take minutes, or memory that nobody has.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

import actcheck

from . import bounds
from .functors import Array, Sigmoid, Softmax, rows
from .harness import Job, Line, alternate, compare

ROUNDS = 3
RTOL, ATOL = 1e-3, 1e-5
"""What torch allows by default; the others leave it to their callers."""


@dataclass(frozen=True)
class Other:
    """Another checker.

    Parameters
    ----------
    name : str
    package, extra : str
        The package that it is in, and the extra of ours that installs it.
    softmax, sigmoid : callable
        From rows to the job that checks their gradient.
    """

    name: str
    package: str
    extra: str
    softmax: Callable[[Array], Job] | None = None
    sigmoid: Callable[[Array], Job] | None = None


def measure() -> Iterator[Line]:
    """Measure every checker that is installed, and say how to install the others."""
    installed = [other for other in OTHERS if find_spec(other.package)]
    for other in OTHERS:
        if other not in installed:
            yield Line(other.name, f"not installed: pip install -e '.[{other.extra}]'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from _group("softmax Jacobian, 8 × 256", "softmax", rows(8, 256), installed)
        yield from _group("sigmoid, 100,000 entries", "sigmoid", rows(100, 1000), installed)


def _group(what: str, kind: str, X: Array, installed: list[Other]) -> Iterator[Line]:
    functor = Softmax() if kind == "softmax" else Sigmoid()
    bound = bounds.full_jacobian if kind == "softmax" else bounds.diagonal
    jobs: dict[str, Job] = {
        "bound": lambda: bound(functor, X),
        "actcheck.check": lambda: actcheck.check(functor, X, edge=False),
    }
    jobs |= {other.name: make(X) for other in installed if (make := getattr(other, kind))}
    seconds = alternate(jobs, ROUNDS)
    for name in list(jobs)[1:]:
        yield compare(f"{what}: {name} / lower bound", seconds, name, "bound")


# ------------------------------------------------------------------------------------------ torch


def _torch(functor: Softmax | Sigmoid, fast: bool) -> Callable[[Array], Job]:
    return lambda X: gradcheck(functor, X, fast)


def gradcheck(functor: Softmax | Sigmoid, X: Array, fast: bool) -> Job:
    """Give PyTorch's check of a NumPy functor."""
    import torch

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return torch.from_numpy(functor(x.detach().numpy()))

        @staticmethod
        def backward(ctx, grad):
            # Kept, or torch would ask for the whole Jacobian anew for each of its rows.
            if not hasattr(ctx, "J"):
                (x,) = ctx.saved_tensors
                ctx.J = torch.from_numpy(functor.gradient(x.detach().numpy()))
            return grad * ctx.J if ctx.J.ndim == 2 else torch.einsum("bi,bij->bj", grad, ctx.J)

    x = torch.tensor(X, requires_grad=True)
    return lambda: torch.autograd.gradcheck(Function.apply, (x,), fast_mode=fast)


# ------------------------------------------------------------------------------------------ scipy


def _approx_derivative_dense(X: Array) -> Job:
    from scipy.optimize._numdiff import approx_derivative

    functor = Softmax()

    def job() -> None:
        for row, analytic in zip(X, functor.gradient(X), strict=True):
            _compare(approx_derivative(lambda x: functor(x[None])[0], row), analytic)

    return job


def _approx_derivative_sparse(X: Array) -> Job:
    from scipy.optimize._numdiff import approx_derivative
    from scipy.sparse import identity

    functor, x = Sigmoid(), X.ravel()
    pattern = identity(x.size, format="csr")
    return lambda: _compare(approx_derivative(functor, x, sparsity=pattern).diagonal(), functor.gradient(x))


def _differentiate_jacobian(X: Array) -> Job:
    from scipy.differentiate import jacobian

    functor = Softmax()

    def over_first_axis(x: Array) -> Array:
        return np.moveaxis(functor(np.moveaxis(x, 0, -1)), -1, 0)

    def job() -> None:
        for row, analytic in zip(X, functor.gradient(X), strict=True):
            _compare(jacobian(over_first_axis, row).df, analytic)

    return job


def _differentiate_derivative(X: Array) -> Job:
    from scipy.differentiate import derivative

    functor = Sigmoid()
    return lambda: _compare(derivative(functor, X).df, functor.gradient(X))


# ------------------------------------------------------------------------------------------ numdifftools


def _numdifftools_jacobian(X: Array) -> Job:
    from numdifftools import Jacobian

    functor = Softmax()
    one = Jacobian(lambda x: functor(x[None])[0])

    def job() -> None:
        for row, analytic in zip(X, functor.gradient(X), strict=True):
            _compare(one(row), analytic)

    return job


def _numdifftools_derivative(X: Array) -> Job:
    from numdifftools import Derivative

    functor = Sigmoid()
    one = Derivative(functor)
    return lambda: _compare(one(X), functor.gradient(X))


def _compare(numeric: Array, analytic: Array) -> None:
    assert np.allclose(numeric, analytic, rtol=RTOL, atol=ATOL)


OTHERS = (
    Other("torch gradcheck, slow", "torch", "torch", softmax=_torch(Softmax(), fast=False)),
    Other(
        "torch gradcheck, fast (one projection)",
        "torch",
        "torch",
        softmax=_torch(Softmax(), fast=True),
        sigmoid=_torch(Sigmoid(), fast=True),
    ),
    Other("scipy approx_derivative", "scipy", "bench", _approx_derivative_dense, _approx_derivative_sparse),
    Other("scipy.differentiate", "scipy", "bench", _differentiate_jacobian, _differentiate_derivative),
    Other("numdifftools", "numdifftools", "bench", _numdifftools_jacobian, _numdifftools_derivative),
)
