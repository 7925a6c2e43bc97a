"""What people call a value and its derivative, and which two names belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

VALUES = (
    *("__call__", "forward", "apply", "activate", "fn", "function", "f"),
    *("func", "call", "evaluate", "compute", "calculate", "activation", "value"),
)
"""Names of a value, the likeliest first."""

DERIVATIVES = (
    *("gradient", "grad", "derivative", "deriv", "diff", "prime", "backward", "df", "jacobian"),
    *("der", "derivate", "derive", "differentiate", "fprime", "f_prime", "dfn", "dfunc", "d", "jac", "backprop"),
)
"""Names of a derivative, the likeliest first."""

FLAGS = ("derivative", "deriv", "derive", "derivate", "der", "diff", "grad", "gradient", "prime", "derivada", "d")
"""Names of a switch that turns a value into its derivative."""

BACKWARD = ("backward", "backprop", "bwd", "vjp", "pullback")
"""Words for a derivative that takes a cotangent."""

STEP_SIZES = ("learning_rate", "lr", "l_rate", "learningrate", "learningRate", "step_size")
"""Names of the step size that a layer moves its weights by."""

RATES = (*STEP_SIZES, "eta", "rate")
"""Names of a step size that a backward pass also takes."""

PARAMETERS = frozenset(("w", "b", "weight", "weights", "bias", "biases"))
"""What a parameter of a layer is called, in lower case, even where it is a single number."""


MODES: dict[str, object] = {
    **dict.fromkeys(("training", "train", "is_training", "is_train", "istraining", "istrain", "isTraining"), False),
    **dict.fromkeys(("isTrain", "train_flg", "train_flag", "training_mode", "train_mode", "trainable"), False),
    **dict.fromkeys(("mode", "phase"), "test"),
}
"""Names of what tells training from evaluation, with what says evaluation: there, a layer is the same at each call."""

INPUTS = frozenset(
    (*"xzutvhs", "arr", "array", "data", "features", "inp", "input", "inputs", "logits", "net", "xs", "weighted_sum")
)
"""What the argument of a value is called, in lower case."""

OUTPUTS = frozenset(("a", "out", "output", "outputs", "y", "p", "probs", "activated", "activation", "y_hat", "yhat"))
"""What a value is called where it is handed on, in lower case."""

SELECTORS = frozenset(
    (
        *("name", "kind", "type", "which", "how", "func", "function", "fn", "act", "activation", "activation_name"),
        *("activation_function", "activation_func", "activation_type", "act_name", "act_func", "act_type", "func_name"),
    )
)
"""What the word is called that tells one function of many, in lower case."""

CACHES = frozenset(("cache", "caches", "memory", "saved", "ctx", "context", "state"))
"""What is kept from a forward pass for the backward pass."""

_OF_DERIVATIVES = frozenset((*DERIVATIVES, *BACKWARD, "dx", "derivada", "dash", "bprop", "gradients", "derivatives"))
_OF_VALUES = frozenset(
    (
        *("forward", "fwd", "function", "fn", "func", "fun", "activation", "act", "af"),
        *("of", "the", "calculate", "compute", "get"),
    )
)
# Words that say nothing of what a name is about, even where another name has to be the very same.
_FILLERS = frozenset(("forward", "fwd", "of", "the", "calculate", "compute", "get"))
_JOINTS = ("and", "with")
_GLUED = ("derivative", "gradient", "backward", "deriv", "prime", "grad", "diff", "jacobian", "der")
_COTANGENT = re.compile(
    r"d[A-Z]\w*|d_?(out|a|z|y|h|l|output|outputs|loss|value|values|inputs|x|prev|next|up|upstream|j)\d*"
    r"|.*(grad|delta|upstream|cotangent|error|err|dout|dloss)\w*|ct|cot|gy|gout|dvalues|seed",
)
_SLOPE = re.compile(
    r".*(grad|deriv|jac(?!k)).*|(.*_)?prime|.*[a-z]Prime|d[A-Z]\w*|d_?[a-su-z]|d[a-z]_?d[a-z]|(.*_)?slopes?|der|dash"
)
_TOLD_SLOPE = re.compile(
    r"gradient|\bgrads?\b|derivative|\bderivs?\b|jacobian|\bslopes?\b|d[a-z]\s*/\s*d[a-z]", re.IGNORECASE
)
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


# Each name of a module is compared with each other.
_MANY = 1 << 12


@lru_cache(_MANY)
def subject_of(name: str) -> str:
    """Give what a name is about, without the words that say value or derivative: ``sigmoid`` of ``sigmoidPrime``."""
    told = [word for word in _words(name) if word not in _OF_DERIVATIVES and word not in _OF_VALUES]
    return "".join(told)


def is_derivative_of(name: str, value: str) -> bool:
    """Tell whether a name says that it is the derivative of what another names."""
    if name == value or not _says_derivative(name, value):
        return False
    return not _says_derivative(value, name)


def is_named_after(name: str, value: str) -> bool:
    """Tell whether a name is a value's own with a word for its derivative: ``func_deriv`` of ``func``, of nothing else.

    Where nothing is, ``activation_derivative`` may be that of ``func``; see `is_derivative_of`.
    """
    own = [word for word in _words(value) if word not in _FILLERS]
    told = [word for word in _words(name) if word not in _FILLERS]
    bare = [word for word in told if word not in _OF_DERIVATIVES]
    return (bool(own) and own == bare and len(bare) < len(told)) or _is_glued(name, value)


def derivatives_of(value: str, names: Iterable[str]) -> tuple[str, ...]:
    """Give those names that are of the derivative of what a name calls, the likeliest first.

    One that is named after the value itself comes before any that is only like it.
    """

    def order(name: str) -> tuple[bool, bool, int]:
        return not is_named_after(name, value), is_backward(name) != is_forward(value), _rank(name)

    return tuple(sorted((name for name in names if is_derivative_of(name, value)), key=order))


def is_backward(name: str) -> bool:
    """Tell whether a name is one of a derivative that takes a cotangent."""
    return any(word in BACKWARD for word in _words(name))


def is_forward(name: str) -> bool:
    """Tell whether a name is one of a forward pass, which may return what the backward pass needs."""
    return any(word in ("forward", "fwd") for word in _words(name))


def is_cotangent(argument: str) -> bool:
    """Tell whether an argument's name is one of a cotangent, such as ``dA`` or ``grad_output``."""
    return bool(_COTANGENT.fullmatch(argument) or _COTANGENT.fullmatch(argument.lower()))


def is_data(argument: str) -> bool:
    """Tell whether an argument's name is one of an array that belongs to a batch or a layer, and of no setting."""
    plain = argument.lower()
    if plain in SELECTORS:
        return False
    if plain in INPUTS | OUTPUTS | PARAMETERS | CACHES or is_cotangent(argument):
        return True
    return any(word in ("true", "target", "targets", "label", "labels", "y", "x") for word in _words(argument))


def is_rate(argument: str) -> bool:
    """Tell whether an argument's name is one of a step size."""
    return argument.lower() in RATES


def says_derivative(name: str) -> bool:
    """Tell whether a name by itself says that it is a derivative."""
    return any(word in _OF_DERIVATIVES for word in _words(name)) or _plain(name).endswith(_GLUED[:6])


def is_slope(name: str, value: str) -> bool:
    """Tell whether what a variable is called says that it holds the derivative of a value.

    Words that name a difference or a function as well, such as ``diff`` and ``backward``, say nothing here.
    """
    bare = _plain(value)
    return bool(_SLOPE.fullmatch(name)) or _plain(name) in (f"d{bare}", f"d{subject_of(value)}d", f"{bare}d")


def tells_of_slope(text: str) -> bool:
    """Tell whether a text speaks of a derivative."""
    return bool(_TOLD_SLOPE.search(text))


def says_both(name: str) -> bool:
    """Tell whether a name says that a function gives a value and its derivative, such as ``value_and_grad``."""
    words = _words(name)
    return any(word in _JOINTS for word in words[1:-1]) and any(word in _OF_DERIVATIVES for word in words)


def _says_derivative(name: str, value: str) -> bool:
    if not _may_say_derivative(name):
        return False
    if is_named_after(name, value):
        return True
    subject = subject_of(value)
    # `f` and `derivative` belong together as well, where nothing else is said of either.
    is_like = subject_of(name) == subject and any(word in _OF_DERIVATIVES for word in _words(name))
    return is_like and (bool(subject) or value in VALUES)


@lru_cache(_MANY)
def _may_say_derivative(name: str) -> bool:
    """Tell whether a name may be one of a derivative of anything: of most names in a large module none is."""
    plain = _plain(name)
    is_glued = plain.startswith(("d", *_GLUED)) or plain.endswith(_GLUED)
    return is_glued or any(word in _OF_DERIVATIVES for word in _words(name))


def _is_glued(name: str, value: str) -> bool:
    plain, bare = _plain(name), _plain(value)
    if plain == f"d{bare}" or (plain[:-1] == f"d{bare}d" and plain[-1].isalpha()):
        # As in `dphi_dv`.
        return True
    return any(plain in (bare + word, word + bare) for word in _GLUED)


def _rank(name: str) -> int:
    order = [word for word in DERIVATIVES if word in _words(name)]
    return DERIVATIVES.index(order[0]) if order else len(DERIVATIVES)


@lru_cache(_MANY)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORDS.findall(name))


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
