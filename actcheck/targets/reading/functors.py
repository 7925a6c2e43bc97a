"""Functors made of a value and a derivative: one whose derivative is asked directly, one by cotangents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.targets.reading.handing import Array, Handing, Numbers
from actcheck.targets.reading.parts import Passes


@dataclass
class Direct:
    """A functor whose derivative is a function of the input, of the value, or of what the value left behind.

    Parameters
    ----------
    passes : Passes
    handing : Handing
    forward_first : bool
        Whether the value has to be called before: the derivative reads what it leaves, or takes it.
    one_output : bool
        Whether a sample's value is a single number: then its gradient is that output's row.
    widths : tuple of int
        Widths that it takes, where it does not take the usual one.
    fresh : callable
        Gives the same functor on an object that nothing was asked of yet, None where that cannot be copied.
    """

    passes: Passes
    handing: Handing
    forward_first: bool = False
    one_output: bool = False
    widths: tuple[int, ...] = ()
    fresh: Callable[[], Any] | None = field(default=None, repr=False)

    def __call__(self, X: Array) -> Any:
        """Evaluate the function."""
        return self.handing.value(self.passes.value, X)

    def gradient(self, X: Array) -> Any:
        """Evaluate its gradient."""
        raw = self.handing.slope(self._slope, X)
        if self.one_output and np.shape(raw) == X.shape and X.shape[1] > 1:
            return np.asarray(raw)[:, None, :]
        return raw

    def _slope(self, x: Any) -> Any:
        a = self.passes.value(x) if self.forward_first else None
        return self.passes.slope(x, a)


@dataclass
class Pulled:
    """A functor whose derivative takes a cotangent: its Jacobian is made of one-hot cotangents.

    Parameters
    ----------
    passes : Passes
    handing : Handing
    diagonal : bool
        Whether the Jacobian was seen to be diagonal: then a single cotangent of ones gives it.
    widths : tuple of int
        Widths that it takes, where it does not take the usual one.
    fresh : callable
        Gives the same functor on an object that nothing was asked of yet, None where that cannot be copied.
    parameters : tuple
        The parameters of a layer, with their gradients.
    unchecked : tuple
        Those whose gradient is not found, each with the reason.
    step_sizes : tuple of tuple
        Where the object holds the sizes of steps that a backward pass moves it by; they are 0.
    """

    passes: Passes
    handing: Handing
    diagonal: bool = False
    widths: tuple[int, ...] = ()
    fresh: Callable[[], Any] | None = field(default=None, repr=False)
    parameters: tuple[Any, ...] = ()
    unchecked: tuple[Any, ...] = ()
    step_sizes: tuple[tuple[str | int, ...], ...] = ()

    def __call__(self, X: Array) -> Any:
        """Evaluate the function."""
        return self.handing.value(self.passes.value, X)

    def pull(self, X: Array, C: Array) -> Any:
        """Give the products of cotangents with the Jacobian, after a forward pass on these rows.

        Parameters
        ----------
        X : ndarray of shape (batch, n)
        C : ndarray of shape (batch, m)
        """
        return self.handing.pull(self._pull, X, C)

    def backward(self, X: Array, A: Any, C: Array) -> Any:
        """Give them after the last forward pass, whichever it was; where a batch is handed over as it is."""
        return self.handing.pull(lambda x, c: self.passes.slope(x, A, c), X, C)

    def gradient(self, X: Array) -> Any:
        """Evaluate its gradient: the diagonal, or (batch, m, n)."""
        shape = np.shape(self(X))
        if len(shape) != 2 or self.diagonal:
            return self.pull(X, np.ones(shape, X.dtype))
        rows = []
        for output in range(shape[1]):
            C = np.zeros(shape, X.dtype)
            C[:, output] = 1.0
            row = self.pull(X, C)
            if np.shape(row) != X.shape:
                return row
            # A layer may hand out the same array each time.
            rows.append(np.array(row))
        return np.stack(rows, axis=1)

    def whole(self, X: Array) -> Any:
        """Evaluate the gradient of a batch whose rows belong together, as (batch, m, batch, n)."""
        shape = np.shape(self(X))
        pulled = []
        for entry in range(int(np.prod(shape))):
            C = np.zeros(shape, X.dtype)
            C.flat[entry] = 1.0
            row = self.pull(X, C)
            if np.shape(row) != X.shape:
                return row
            pulled.append(np.array(row))
        return np.reshape(pulled, (*shape, *X.shape))

    @property
    def takes_step(self) -> bool:
        """Whether a backward pass moves the object by a step, whose size is 0."""
        return bool(self.step_sizes) or self.passes.takes_rate

    def move(self, size: float) -> None:
        """Have the backward passes to come move the object by a step of a size."""
        # Imported here, as few layers move themselves, and start-up is a feature.
        from actcheck.targets.reading.leaves import Slot

        self.passes.rate = size
        for path in self.step_sizes:
            Slot(self.passes.parts.owner, path).write(np.array(size))

    def _pull(self, x: Any, c: Any) -> Any:
        a = self.passes.value(x)
        return self.passes.slope(x, a, c)


def raised_by(functor: object, number: float, by_gradient: bool = False) -> Exception | None:
    """Give what a functor, or its gradient, raises on a number where infinity or NaN is taken; None where nothing is.

    Parameters
    ----------
    functor : object
        Any; only one of single numbers hides what it raises.
    number : float
    by_gradient : bool
    """
    if not isinstance(functor, (Direct, Pulled)) or not isinstance(functor.handing, Numbers):
        return None
    loud = replace(functor, handing=Numbers(is_loud=True))
    function: Callable[[Array], Any] = loud.gradient if by_gradient else loud
    try:
        function(np.array([[number]]))
    except Exception as error:
        return error
    return None
