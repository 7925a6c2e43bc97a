"""The contract of a forward and a backward pass: what is kept in between, and what is written into.

Asked besides the contract's own questions, of functors whose derivative follows a forward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calls import named, quietly
from actcheck.model import Finding, Outcome
from actcheck.numeric.lines import FloatArray
from actcheck.targets.reading.functors import Direct, Pulled
from actcheck.targets.reading.handing import Columns, Rows
from actcheck.targets.spelling import alike
from actcheck.targets.vocabulary import is_backward, is_cotangent

_RTOL = 1e-9
_STEP = 0.1
_SAMPLES = 4


class Stateful(Protocol):
    """A functor whose derivative follows a forward pass; see `actcheck.targets.reading.functors`."""

    passes: Any
    fresh: Callable[[], Any] | None

    def __call__(self, X: Any, /) -> Any:
        """Evaluate the function: the forward pass."""

    def gradient(self, X: Any, /) -> Any:
        """Evaluate its gradient, after a forward pass on these rows."""


class Pullback(Stateful, Protocol):
    """One whose derivative takes a cotangent."""

    def pull(self, X: Any, C: Any, /) -> Any:
        """Give the products of cotangents with the Jacobian, after a forward pass on these rows."""

    def backward(self, X: Any, A: Any, C: Any, /) -> Any:
        """Give them after the last forward pass, whichever it was."""


def is_asked(functor: Any) -> bool:
    """Tell whether a functor's derivative follows a forward pass; a user's own attributes say nothing of it."""
    return isinstance(functor, Pulled) or (isinstance(functor, Direct) and functor.forward_first)


def by_its_names(functor: Any) -> list[Finding]:
    """Doubt a derivative at its own argument whose names are those of a backward pass."""
    parts = functor.passes.parts if isinstance(functor, Direct) else None
    if parts is None or len(parts.arguments.required) != 1:
        return []
    backward, (argument,) = parts.names[1], parts.arguments.required
    if not (is_backward(backward) and is_cotangent(argument)):
        return []
    message = (
        f"`{backward}` is read as the derivative at its argument, being no product with it; but `{argument}` is a "
        "cotangent by its name, and as a backward pass this would be wrong"
    )
    return [Finding("contract", Outcome.WARNED, "cotangent-by-name", message)]


def examine(functor: Any, X: FloatArray, Y: FloatArray, dtype: str) -> tuple[int, list[Finding]]:
    """Ask what a forward and a backward pass must keep.

    Parameters
    ----------
    functor : object
    X, Y : ndarray of shape (batch, n)
        Ordinary rows.
    dtype : str

    Returns
    -------
    int
        How many questions were asked.
    list of Finding
        The most telling first.
    """
    bench = _Bench(functor, X.astype(dtype), Y.astype(dtype), max(_RTOL, 64 * float(np.finfo(dtype).eps)))
    carried = _carries(bench)
    if carried or not _is_repeatable(bench):
        # Nothing else can be told; the contract's own questions tell what varies.
        return len(carried), carried
    findings: list[Finding] = []
    questions = [*(QUESTIONS if isinstance(functor, Pulled) else KEPT)]
    if isinstance(functor, Pulled) and functor.takes_step:
        questions.append(_uses_before_it_moves)
    for question in questions:
        try:
            findings += question(bench)
        except Exception:
            # The contract's own questions tell of passes that raise.
            continue
    return len(questions), findings


class _Bench:
    """A functor with rows and cotangents to ask it with."""

    def __init__(self, functor: Any, X: NDArray[Any], Y: NDArray[Any], rtol: float) -> None:
        self.functor, self.X, self.Y, self.rtol = functor, X, Y, rtol
        self.forward, self.backward = functor.passes.parts.names
        roles = zip(functor.passes.parts.arguments.required, functor.passes.roles, strict=False)
        self.argument = next((name for name, role in roles if role == "c"), "")

    def new(self) -> Any:
        """Give the functor on an object that nothing was asked of yet, where that can be had."""
        return self.functor.fresh() if self.functor.fresh is not None else self.functor

    def value(self, functor: Stateful, X: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(quietly(functor, X))

    def cotangent(self, X: NDArray[Any], shift: float = 0.0) -> NDArray[Any]:
        shape = self.value(self.new(), X.copy()).shape
        numbers = (np.arange(1.0, np.prod(shape) + 1) * 0.6180339887498949 + shift) % 1.0
        cotangent: NDArray[Any] = (0.5 + numbers).reshape(shape).astype(X.dtype)
        return cotangent

    def alike(self, first: NDArray[Any], second: NDArray[Any]) -> bool:
        """Tell whether two results are the same but for the rounding of the type."""
        if first.shape != second.shape:
            return False
        size = float(np.max(np.abs(first), initial=0.0, where=np.isfinite(first)))
        # A layer may compute in a narrower type than it is asked in.
        types = [each.dtype for each in (first, second) if each.dtype.kind == "f"]
        own = max((float(np.finfo(each).eps) for each in types), default=0.0)
        rtol = max(self.rtol, 64 * own)
        return bool(np.allclose(first, second, rtol=rtol, atol=rtol * size, equal_nan=True))

    def slope(self, functor: Any, X: NDArray[Any], C: NDArray[Any]) -> NDArray[Any]:
        """Give what the derivative gives after a forward pass, with a cotangent where it takes one."""
        takes_one = isinstance(functor, Pulled)
        return np.array(quietly((lambda rows: functor.pull(rows, C)) if takes_one else functor.gradient, X))


def _saves(bench: _Bench) -> list[Finding]:
    """Look for a backward pass that raises after a forward pass that keeps nothing."""
    functor = bench.new()
    owner = functor.passes.parts.owner
    before = _state(owner)
    bench.value(functor, bench.X.copy())
    changed = [name for name, held in _state(owner).items() if before.get(name) is not held]
    if owner is None or changed:
        return []
    try:
        bench.slope(functor, bench.X.copy(), bench.cotangent(bench.X))
    except Exception as error:
        if not _is_missed(owner, error):
            return []
        message = f"`{bench.forward}` saves nothing on the object, and `{bench.backward}` needs it: {named(error)}"
        return [_fault("state-not-saved", message)]
    return []


def _is_missed(owner: Any, error: Exception) -> bool:
    """Tell whether an exception is for want of what a forward pass would have left on an object."""
    if isinstance(error, AttributeError) and error.obj is owner:
        # What is spelt like something that is there is meant to be that.
        return not alike(str(error.name), (name for name in dir(owner) if not name.startswith("__")))
    is_empty = any(held is None for held in _state(owner).values())
    return is_empty and isinstance(error, (TypeError, AttributeError)) and "NoneType" in str(error)


def _is_repeatable(bench: _Bench) -> bool:
    try:
        functor, other = bench.new(), bench.new()
        first = bench.value(functor, bench.X.copy()).copy()
        # A random generator of its own is copied with an object, so that two new ones draw the same.
        return all(bench.alike(first, bench.value(each, bench.X.copy())) for each in (functor, other))
    except Exception:
        # It raises each time, which is told as well.
        return True


def _carries(bench: _Bench) -> list[Finding]:
    """Look for a forward pass that depends on the rows of the one before, as that of a recurrent layer does."""
    try:
        if bench.functor.fresh is None or not _is_carried(bench):
            return []
    except Exception:
        return []
    message = (
        f"`{bench.forward}` carries state from call to call, as a recurrent layer does: what it gives depends on the "
        "rows of the call before; reset that state at the beginning of each call"
    )
    return [_fault("state-carried", message)]


def _is_carried(bench: _Bench) -> bool:
    def after(rows: NDArray[Any]) -> NDArray[Any]:
        functor = bench.new()
        bench.value(functor, rows.copy())
        return bench.value(functor, bench.X.copy()).copy()

    # What is random, or counts its calls, asks for no rows.
    return bench.alike(after(bench.X), after(bench.X)) and not bench.alike(after(bench.X), after(bench.Y))


def _moves(bench: _Bench) -> bool:
    """Tell whether the value is another after a backward pass."""
    functor = bench.new()
    before = np.array(bench.value(functor, bench.X.copy()))
    bench.slope(functor, bench.X.copy(), bench.cotangent(bench.X))
    return not bench.alike(before, bench.value(functor, bench.X.copy()))


def _stays(bench: _Bench) -> list[Finding]:
    """Look for a backward pass that changes the function, as one does that moves the weights."""
    if not _moves(bench):
        return []
    message = (
        f"`{bench.backward}` changes what `{bench.forward}` gives afterwards: it moves the layer's own weights, so "
        "that no two calls are of one function; a step size that is an argument or an attribute, such as "
        "`learning_rate`, is set to 0 for the check"
    )
    return [_fault("layer-changed", message)]


def _uses_before_it_moves(bench: _Bench) -> list[Finding]:
    """Look for a backward pass that gives another gradient where it moves the weights than where it does not."""
    if bench.functor.fresh is None:
        return []
    C = bench.cotangent(bench.X)
    # The step that one sample takes moves the weights before the next, where they are handed over one at a time.
    is_whole = isinstance(bench.functor.handing, (Rows, Columns))
    if all(_gives_the_same_moving(bench, bench.X[at], C[at]) for at in _parts_of(len(C), is_whole)):
        return []
    message = (
        f"`{bench.backward}` gives another gradient with a step size of {_STEP} than with 0: it moves the weights "
        "before it has used them, or the step size is a factor of its result"
    )
    return [_fault("moved-too-early", message)]


def _parts_of(rows: int, is_whole: bool) -> list[slice]:
    return [slice(0, rows)] if is_whole else [slice(at, at + 1) for at in range(min(rows, _SAMPLES))]


def _gives_the_same_moving(bench: _Bench, X: FloatArray, C: Any) -> bool:
    still = bench.slope(bench.new(), X.copy(), C.copy())
    moving = bench.new()
    moving.move(_STEP)
    return bench.alike(still, bench.slope(moving, X.copy(), C.copy()))


def _not_stale(bench: _Bench) -> list[Finding]:
    """Look for a backward pass that uses what an earlier forward pass has kept."""
    if bench.functor.fresh is None or _moves(bench):
        return []
    C = bench.cotangent(bench.Y)
    wanted = bench.slope(bench.new(), bench.Y.copy(), C)
    used = bench.new()
    bench.slope(used, bench.X.copy(), bench.cotangent(bench.X))
    seen = bench.slope(used, bench.Y.copy(), C)
    if bench.alike(wanted, seen):
        return []
    message = f"`{bench.backward}` after another `{bench.forward}` uses what an earlier one has saved"
    return [_fault("stale-state", message)]


def _cotangent_unchanged(bench: _Bench) -> list[Finding]:
    C = bench.cotangent(bench.X)
    given = C.copy()
    bench.slope(bench.new(), bench.X.copy(), given)
    if np.array_equal(C, given):
        return []
    named_so = f" `{bench.argument}`" if bench.argument else ""
    message = f"`{bench.backward}` writes into its argument{named_so}: the cotangent has changed after the call"
    return [_fault("cotangent-changed", message)]


def _value_unchanged(bench: _Bench) -> list[Finding]:
    functor = bench.new()
    X, C = bench.X.copy(), bench.cotangent(bench.X)
    returned = quietly(functor, X)
    before = np.array(returned)
    functor.backward(X, returned, C)
    if np.array_equal(before, np.asarray(returned), equal_nan=True):
        return []
    message = f"`{bench.backward}` writes into the value that `{bench.forward}` has returned"
    return [_fault("value-changed", message)]


def _backward_repeats(bench: _Bench) -> list[Finding]:
    functor = bench.new()
    X, C = bench.X.copy(), bench.cotangent(bench.X)
    A = quietly(functor, X)
    first = np.array(functor.backward(X, A, C.copy()))
    second = np.array(functor.backward(X, A, C.copy()))
    if bench.alike(first, second):
        return []
    message = f"a second `{bench.backward}` after the same `{bench.forward}` gives something else"
    return [_fault("backward-varies", message)]


def _linear(bench: _Bench) -> list[Finding]:
    C, D = bench.cotangent(bench.X), bench.cotangent(bench.X, 0.37) - 1
    one, other = bench.slope(bench.new(), bench.X.copy(), C.copy()), bench.slope(bench.new(), bench.X.copy(), D.copy())
    both = bench.slope(bench.new(), bench.X.copy(), C + D)
    if bench.alike(one, other):
        message = (
            f"`{bench.backward}` ignores its argument `{bench.argument}`: by the chain rule it must be multiplied "
            "with the Jacobian"
        )
        return [_fault("cotangent-ignored", message)]
    if bench.alike(one + other, both):
        return []
    message = f"`{bench.backward}` is not linear in its argument `{bench.argument}`, as a product with the Jacobian is"
    return [_fault("not-linear", message)]


def _passed_through(bench: _Bench) -> list[Finding]:
    C = bench.cotangent(bench.X) - 1
    seen = bench.slope(bench.new(), bench.X.copy(), C.copy())
    if seen.shape != C.shape or not np.array_equal(seen, C):
        return []
    step = 1e-3
    ahead, here = bench.value(bench.new(), bench.X + step), bench.value(bench.new(), bench.X.copy())
    if np.allclose(ahead - here, step, rtol=1e-6, atol=1e-9):
        return []
    message = (
        f"`{bench.backward}` passes its argument `{bench.argument}` through: that is right only where the loss is "
        "fused with the activation, and gives the gradient with respect to its input already"
    )
    return [_fault("cotangent-passed-through", message)]


KEPT = (_saves, _stays, _not_stale)

QUESTIONS = (
    *KEPT,
    _linear,
    _passed_through,
    _cotangent_unchanged,
    _value_unchanged,
    _backward_repeats,
)


def _state(owner: Any) -> dict[str, Any]:
    return dict(getattr(owner, "__dict__", {}))


def _fault(code: str, message: str) -> Finding:
    return Finding("contract", Outcome.FAILED, code, message)
