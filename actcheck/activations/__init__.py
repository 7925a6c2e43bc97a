"""The catalogue of activation functions: plain NumPy functors, each with its exact gradient.

A functor maps an array whose last axis is the row, with any number of leading axes. ``functor(X)`` is the activation,
``functor.gradient(X)`` its derivative: in the shape of ``X`` where the function is element-wise, else the Jacobian
``J[..., i, j]`` = da_i/dx_j of every row. The floating type of ``X`` is kept; integers count as float64.

The classes are imported when they are first asked for, so that the catalogue can be read without NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .catalogue import ENTRIES, load

if TYPE_CHECKING:
    from .gates import GLU as GLU
    from .gates import Maxout as Maxout
    from .gates import SwiGLU as SwiGLU
    from .norms import L2Normalize as L2Normalize
    from .norms import LayerNorm as LayerNorm
    from .norms import RMSNorm as RMSNorm
    from .norms import Squash as Squash
    from .piecewise import HardShrink as HardShrink
    from .piecewise import HardSigmoid as HardSigmoid
    from .piecewise import HardTanh as HardTanh
    from .piecewise import LeakyReLU as LeakyReLU
    from .piecewise import Linear as Linear
    from .piecewise import PReLU as PReLU
    from .piecewise import ReLU as ReLU
    from .piecewise import ReLU6 as ReLU6
    from .piecewise import SoftShrink as SoftShrink
    from .piecewise import Threshold as Threshold
    from .self_gated import GELU as GELU
    from .self_gated import GELUTanh as GELUTanh
    from .self_gated import HardSwish as HardSwish
    from .self_gated import Mish as Mish
    from .self_gated import SiLU as SiLU
    from .sigmoids import LogSigmoid as LogSigmoid
    from .sigmoids import Sigmoid as Sigmoid
    from .sigmoids import Softsign as Softsign
    from .sigmoids import Tanh as Tanh
    from .sigmoids import TanhShrink as TanhShrink
    from .smooth import CELU as CELU
    from .smooth import ELU as ELU
    from .smooth import SELU as SELU
    from .smooth import Softplus as Softplus
    from .smooth import Squareplus as Squareplus
    from .softmaxes import LogSoftmax as LogSoftmax
    from .softmaxes import LogSumExp as LogSumExp
    from .softmaxes import Softmax as Softmax
    from .softmaxes import Softmin as Softmin
    from .softmaxes import Sparsemax as Sparsemax
    from .waves import Gaussian as Gaussian
    from .waves import Sine as Sine
    from .waves import Snake as Snake

_BY_ATTRIBUTE = {entry.attribute: entry for entry in ENTRIES}

__all__ = sorted(_BY_ATTRIBUTE)  # noqa: PLE0605 - the names are those of the catalogue


def __getattr__(name: str) -> Any:
    if name not in _BY_ATTRIBUTE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return load(_BY_ATTRIBUTE[name])


def __dir__() -> list[str]:
    return sorted({*globals(), *_BY_ATTRIBUTE})
