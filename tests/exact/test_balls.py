from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

import actcheck.exact
from actcheck.exact import balls

ROOM = Path(actcheck.exact.__file__).parent
finite = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=True)

# Modules whose ordered comparisons are of integers, floats or exact fractions only, each looked at.
EXACT_COMPARISONS = {
    "balls": ["number > 0", "number < 0"],
    "series": ["exponent < 0", "index < series.prec"],
    "evaluation": ["root > piece.low", "root < piece.high", "root <= piece.low"],
    "conditions": ["piece.side > 0"],
    "jets": ["flip > 0"],
    "taylor": ["order < 1", "len(found) < count"],
    "expressions": ["lead > 0"],
    "prover": [
        "self.result.replays >= MOST_PIECES",
        "0 < outcome.left_open",
        "outcome.left_open <= MOST_FOLLOWED",
        "piece.width <= self.coarse",
        "piece.width > finest",
        "piece.width > self.resolution",
        "one.low <= each.at",
        "each.at <= one.high",
        "low <= each.low",
        "each.high <= high",
        "low <= point",
        "point <= high",
        "widest <= 2 ** 32",
        "high - low <= _NEIGHBOURS * self.resolution",
        "outcome.forks > 1",
    ],
    "replay": ["len(done) + len(pending) > MOST_FORKS"],
    "scalars": ["abs(whole) > _MOST_STEPS ** 2", "whole < 0", "high - low > _MOST_STEPS", "other.number < one.number"],
    "standins": ["array.ndim < ndmin"],
    "arrays": ["kinds <= {bool, np.bool_}"],
    "functions": ["np.ndim(x) > 1", "ord > 0"],
}


def ordered_comparisons(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            terms = [node.left, *node.comparators]
            for left, operation, right in zip(terms, node.ops, terms[1:], strict=False):
                if isinstance(operation, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
                    sign = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}[type(operation)]
                    found.append(f"{ast.unparse(left)} {sign} {ast.unparse(right)}")
    return found


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.stem)
def test_the_comparisons_of_python_flint_are_not_used(path):
    found = set(ordered_comparisons(path.read_text("utf-8")))
    allowed = set(EXACT_COMPARISONS.get(path.stem, []))
    assert found <= allowed, f"compare balls by actcheck.exact.balls: {sorted(found - allowed)}"
    assert allowed <= found, f"gone: {sorted(allowed - found)}"


def test_why_they_are_not():
    around = arb(0, 1)
    assert not around < 0
    assert not around >= 0
    assert balls.sign(around) is None


@given(finite, finite)
def test_signs_are_right_or_unknown(middle, radius):
    ball = arb(middle, abs(radius))
    found = balls.sign(ball)
    assert (found is None) is bool(ball.contains(0) and not ball.is_zero())
    if found is not None:
        assert found == (middle > 0) - (middle < 0)


def test_signs_of_what_is_not_finite():
    assert balls.sign(arb.nan()) is None
    assert balls.sign(arb.pos_inf()) is None
    assert balls.sign(arb(0)) == 0


@given(finite)
def test_ends_hold_the_ball(x):
    low, high = balls.ends(arb(x))
    assert low == high == x
    low, high = balls.ends(arb(x) * arb(1, 1e-20) + arb(fmpq(1, 3)) * arb(x))
    assert low <= high
    wide = balls.ends(arb(fmpq(1, 3)))
    assert fmpq(*wide[0].as_integer_ratio()) <= fmpq(1, 3) <= fmpq(*wide[1].as_integer_ratio())


def test_ends_of_the_unknown():
    assert balls.ends(arb.nan()) == (-math.inf, math.inf)


def test_within_and_beyond():
    limit = arb(1)
    assert balls.within(arb(0.5, 0.25), limit)
    assert not balls.within(arb(0.5, 0.75), limit)
    assert not balls.beyond(arb(0.5, 0.75), limit)
    assert balls.beyond(arb(-3, 1), limit)
    assert not balls.within(arb.nan(), limit)
    assert not balls.beyond(arb.nan(), limit)


def test_precision_is_given_back():
    import flint

    before = flint.ctx.prec, flint.ctx.cap
    with pytest.raises(ZeroDivisionError), balls.precision(300, 40):
        _ = 1 / (flint.ctx.cap - 40)
    assert (flint.ctx.prec, flint.ctx.cap) == before
