"""All hypotheses. Where several explain as much, the one that stands first here is told first.

The order is that of simplicity: mistakes of one stroke on the whole gradient (a sign, an axis, a value for a slope),
then one number that is fitted, then rows, lost terms, other functions, parts of the gradient, and last what is only
said of the size of the error.
"""

from __future__ import annotations

from actcheck.diagnosis import (
    argument,
    derivative,
    form,
    formula,
    identity,
    normalisation,
    precision,
    region,
    rows,
    term,
)
from actcheck.diagnosis.guess import Hypothesis

CHEAP: tuple[Hypothesis, ...] = (
    Hypothesis("not-finite", "region", region.not_finite),
    Hypothesis("noise", "precision", precision.noise),
    Hypothesis("sign-flipped", "form", form.sign),
    Hypothesis("transposed", "form", form.transposed),
    Hypothesis("diagonal-only", "form", form.diagonal_only),
    Hypothesis("sign-off-diagonal", "form", form.sign_off_diagonal),
    Hypothesis("sign-on-diagonal", "form", form.sign_on_diagonal),
    Hypothesis("constant", "form", form.constant_everywhere),
    Hypothesis("unit-matrix", "form", form.unit_matrix),
    Hypothesis("rows-moved", "rows", rows.moved),
    Hypothesis("one-row-for-all", "rows", rows.first_for_all),
    Hypothesis("position", "rows", rows.at_positions),
    Hypothesis("rows-permuted", "rows", rows.permuted),
    Hypothesis("pooled-over-batch", "rows", rows.pooled),
    Hypothesis("batch-size", "rows", rows.by_batch_size),
    Hypothesis("softmax-axis", "rows", rows.softmax_axis),
    Hypothesis("large-batches", "rows", rows.large_batches),
    Hypothesis("factor", "form", form.factor),
    Hypothesis("sign-lost", "form", form.absolute),
    Hypothesis("value-returned", "argument", argument.value_returned),
    Hypothesis("input-returned", "argument", argument.input_returned),
    Hypothesis("whole-numbers", "precision", precision.whole_numbers),
    Hypothesis("no-diagonal", "form", form.without_diagonal),
    Hypothesis("at-output", "argument", argument.at_output),
    Hypothesis("of-output", "argument", argument.of_output),
    Hypothesis("columns-moved", "rows", rows.column_moved),
    Hypothesis("columns-permuted", "rows", rows.column_permuted),
    Hypothesis("half-moved", "rows", rows.half_moved),
    Hypothesis("pooled-over-columns", "rows", rows.column_pooled),
    Hypothesis("transposed-factor", "form", form.transposed_factor),
    Hypothesis("weights-transposed", "form", form.weights_transposed),
    Hypothesis("off-diagonal-factor", "form", form.off_diagonal_factor),
    Hypothesis("diagonal-factor", "form", form.on_diagonal_factor),
    Hypothesis("both-factors", "form", form.both_factors),
    Hypothesis("constant-divisor", "form", form.constant_divisor),
    Hypothesis("divisor", "normalisation", normalisation.divisor),
    Hypothesis("product-rule", "term", term.product_rule),
    Hypothesis("power", "form", form.power),
    Hypothesis("second-derivative", "derivative", derivative.second),
    Hypothesis("chain-rule", "term", term.missing_factor),
    Hypothesis("formula", "formula", formula.polynomial),
    Hypothesis("bracket", "formula", formula.bracket),
    Hypothesis("series", "formula", formula.series),
    Hypothesis("surplus-factor", "term", term.surplus_factor),
    Hypothesis("term", "term", term.summand),
    Hypothesis("product-rule-factor", "term", term.product_factor),
    Hypothesis("outer-product-lost", "term", term.outer_product),
    Hypothesis("row-term", "term", term.row_term),
    Hypothesis("decimals", "precision", precision.grid),
    Hypothesis("shorter-float", "precision", precision.short_type),
)
"""Tried in this order; the first that explains all that is wrong ends the search."""

DEAR: tuple[Hypothesis, ...] = (
    Hypothesis("stale-state", "precision", precision.stale),
    Hypothesis("other-parameter", "identity", identity.other_parameter),
    Hypothesis("column-parameters", "rows", rows.column_parameters),
    Hypothesis("other-function", "identity", identity.other_function),
    Hypothesis("zeros-and-ones", "precision", precision.zeros_and_ones),
    Hypothesis("other-function-set", "identity", identity.other_function_set),
    Hypothesis("borrowed-formula", "identity", identity.borrowed_formula),
    Hypothesis("other-argument", "argument", argument.at_other),
    Hypothesis("unit-or-base", "argument", argument.at_unit),
    Hypothesis("argument-clipped", "argument", argument.clipped),
    Hypothesis("rounded-argument", "argument", argument.rounded),
    Hypothesis("gradient-clipped", "form", form.clipped),
    Hypothesis("difference-quotient", "derivative", derivative.quotient),
    Hypothesis("short-type", "precision", precision.staircase),
    Hypothesis("by-parameter", "derivative", derivative.by_parameter),
    Hypothesis("other-function-scaled", "identity", identity.other_function_scaled),
    Hypothesis("rows-of-a-kind", "region", region.by_row),
    Hypothesis("place", "region", region.by_place),
    Hypothesis("interval", "region", region.by_input),
    Hypothesis("columns-mixed", "rows", rows.column_mixed),
    Hypothesis("cancellation", "precision", precision.cancellation),
    Hypothesis("nearly-right", "precision", precision.nearly),
)
"""Tried in this order where no cheap one explains all that is wrong, until one does."""

TABLE: tuple[Hypothesis, ...] = CHEAP + DEAR
