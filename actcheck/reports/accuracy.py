"""The report of ``accuracy``: errors by magnitude of x, a picture of them, the worst places and the losses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from actcheck.accuracy_model import Accuracy, Band, Loss, Sample
from actcheck.model import Outcome, Report
from actcheck.reports import table, verdict
from actcheck.reports.canvas import PLAIN, Column, Look, Page, numbers
from actcheck.reports.words import count, number

_HEIGHT = 8
_MOST_DECADES = 16
_MOST_LOSSES = 8
_WORST = 4
_WRONG = "wrong formula"


def render(report: Report, look: Look = PLAIN) -> str:
    """Give the report as text; its last line is the verdict."""
    page = Page(look)
    found = report.accuracy
    if found is None:
        # What broke the contract is told as `verify` tells it.
        table.write(report, page)
        return page.finish()
    _write_heading(report, found, page)
    _write_bands(found, page)
    _write_picture(found, page)
    _write_worst(found.worst, page)
    _write_losses(found.losses, page)
    for note in report.notes:
        page.line(("note", "bold"), f"  {note}", indent=1)
    page.unbroken((word(report), verdict.STYLES[report.outcome]), f"  {report.name}: {reason(report)}")
    return page.finish()


def word(report: Report) -> str:
    """Give the verdict in a word."""
    words = {Outcome.PASSED: "ACCURATE", Outcome.WARNED: "LOSSES", Outcome.UNRESOLVED: "UNRESOLVED"}
    return words.get(report.outcome, "WRONG")


def reason(report: Report) -> str:
    """Give what stands behind the word."""
    found = report.accuracy
    assert found is not None
    if found.losses:
        # A formula that is wrong comes before whatever its arithmetic adds.
        first = min(found.losses, key=lambda loss: loss.kind != _WRONG)
        more = f" (and {count(len(found.losses) - 1, 'loss', 'losses')} more)" if len(found.losses) > 1 else ""
        if first.kind == _WRONG:
            where = f"from x = {number(first.start, 5)}"
            return (
                f"the formula of the {first.quantity} is wrong {where}{more}; see actcheck verify {report.spec.target}"
            )
        return f"the {first.quantity} {_described(first)}{more}"
    worst = max((each.error.units for each in found.worst), default=0.0)
    return f"within {number(worst, 2)} units at {count(found.points, 'point')} of {found.dtype}"


# ------------------------------------------------------------------------------------------ tables


def _write_heading(report: Report, found: Accuracy, page: Page) -> None:
    details = f"element-wise · {found.dtype} against the truth · {count(found.points, 'point')}"
    if len(report.name) + 4 + len(details) <= page.width:
        page.line((report.name, "bold"), f"    {details}")
    else:
        page.line((report.name, "bold"))
        page.line(details, indent=1)
    page.line("ulps: units in the last place of the true number; units: of u (|f| + |x f'|),", indent=1)
    page.line("what rounding of the result and of the input alone may come to", indent=1)
    left = [f"{count(found.kinks, 'kink')} left out" if found.kinks else ""]
    left.append(f"{count(found.unknown, 'point')} whose truth is unknown" if found.unknown else "")
    if any(left):
        page.line(" · ".join(filter(None, left)), indent=1)
    page.gap()


def _write_bands(found: Accuracy, page: Page) -> None:
    columns = [Column("x", wraps=False), numbers("value ulps"), numbers("units"), numbers("slope ulps")]
    columns += [numbers("units"), Column("loss", wraps=False)]
    page.table(columns, [_band_row(band) for band in found.bands])
    page.gap()


def _band_row(band: Band) -> tuple[Any, ...]:
    name = "0" if band.low == band.high else f"{number(band.low, 2)} to {number(band.high, 2)}"
    errors = (band.value.ulps, band.value.units, band.gradient.ulps, band.gradient.units)
    style = verdict.STYLES[Outcome.WARNED if band.kinds else Outcome.PASSED]
    return (
        name,
        *(_short(error) for error in errors),
        (band.kinds[0] + (" ..." if len(band.kinds) > 1 else "") if band.kinds else "", style),
    )


def _short(error: float) -> str:
    if math.isnan(error):
        return "-"
    return "0" if error < 0.01 else number(error, 2)


def _write_picture(found: Accuracy, page: Page) -> None:
    """Draw the errors in ulps, a column for each band: `v` the value's, `g` the gradient's, `#` both."""
    page.line(("errors in ulps: v value, g gradient, # both", "bold"), indent=1)
    step = _MOST_DECADES / _HEIGHT
    for level in reversed(range(_HEIGHT)):
        label = f"1e{level * step:.0f}"
        line = "".join(_mark(band, level * step) for band in found.bands)
        page.unbroken(f" {label:>6} |{line}".rstrip())
    page.unbroken(f" {'':>6} +{'-' * (2 * len(found.bands))}")
    middle = next((index for index, band in enumerate(found.bands) if band.low == band.high), 0)
    page.unbroken(f" {'x':>6}  {'<0':<{2 * middle}}0{'>0':>{max(2 * (len(found.bands) - middle) - 1, 3)}}")
    page.gap()


def _mark(band: Band, decades: float) -> str:
    # At the lowest level stands all that is more than one ulp.
    least = 1.0 if decades == 0 else 10.0**decades
    value, gradient = band.value.ulps > least, band.gradient.ulps > least
    return "# " if value and gradient else "v " if value else "g " if gradient else "  "


def _write_worst(worst: Sequence[Sample], page: Page) -> None:
    shown = [each for each in worst if each.error.ulps > 0][:_WORST]
    if not shown:
        return
    page.line(("worst places, in units", "bold"), indent=1)
    columns = [numbers("x"), Column("of", wraps=False), numbers("computed"), numbers("true"), numbers("ulps")]
    columns += [numbers("units"), Column("loss", wraps=False)]
    rows = []
    for each in shown:
        computed, true = number(each.computed, 9), number(each.true, 9)
        ulps, units = _short(each.error.ulps), _short(each.error.units)
        rows.append((number(each.x), each.quantity, computed, true, ulps, units, each.kind))
    page.table(columns, rows)
    page.gap()


def _write_losses(losses: Sequence[Loss], page: Page) -> None:
    if not losses:
        return
    page.line((f"losses, from 0 outwards ({count(len(losses), 'run')})", "bold"), indent=1)
    columns = [Column("of", wraps=False), Column("loss", wraps=False), numbers("from x"), numbers("to")]
    columns += [numbers("no digit from"), numbers("0 from"), numbers("worst ulps")]
    rows = [
        (
            loss.quantity,
            loss.kind,
            number(loss.start, 5),
            number(loss.end, 3),
            _or_none(loss.total),
            _or_none(loss.zero),
            _short(loss.worst.error.ulps),
        )
        for loss in losses[:_MOST_LOSSES]
    ]
    page.table(columns, rows)
    page.gap()


def _or_none(x: float) -> str:
    return "-" if math.isnan(x) else number(x, 4)


def _described(loss: Loss) -> str:
    if loss.kind == "overflow":
        return f"overflows from x = {number(loss.start, 5)}"
    if loss.kind == "not a number":
        return f"is NaN from x = {number(loss.start, 5)}"
    if not math.isnan(loss.zero):
        return f"is exactly 0 from x = {number(loss.zero, 4)}, where it is not ({loss.kind})"
    if not math.isnan(loss.total):
        return f"has no digit right from x = {number(loss.total, 4)} ({loss.kind})"
    return f"loses digits from x = {number(loss.start, 4)} ({loss.kind})"
