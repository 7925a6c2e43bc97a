"""How numbers, entries and shares are written in every report."""

from __future__ import annotations

from actcheck.model import Entry

_DIGITS = 6
_MOST_DIGITS = 17
_LONGEST_INPUT = 17


def number(value: float, digits: int = _DIGITS) -> str:
    """Write a number with few significant digits; ``nan``, ``inf`` and ``-0`` stand as they are."""
    return f"{float(value):.{digits}g}"


def pair(first: float, second: float) -> tuple[str, str]:
    """Write two numbers alike, with as many digits as it takes to tell one from the other."""
    if first == second:
        # 0 and -0, too: a sign that makes no difference would look like one.
        return number(first), number(first)
    for digits in range(_DIGITS, _MOST_DIGITS):
        texts = number(first, digits), number(second, digits)
        if texts[0] != texts[1]:
            return texts
    return number(first, _MOST_DIGITS), number(second, _MOST_DIGITS)


def exact(value: float) -> str:
    """Write an input so that it can be typed in again, but for numbers that would fill the line."""
    text = repr(float(value)).removesuffix(".0")
    return text if len(text) <= _LONGEST_INPUT else number(value, 12)


def upper(value: float, digits: int = 2) -> str:
    """Write an error or a bound with few digits, rounded up: it must not look smaller than it is."""
    text = f"{float(value):.{digits - 1}e}"
    if float(text) < value:
        mantissa, _, exponent = text.partition("e")
        text = f"{int(mantissa.replace('.', '')) + 1}e{int(exponent) - (digits - 1)}"
    return number(float(text), digits)


def percent(share: float) -> str:
    """Write a share of at most 1; one that is not quite all is never rounded to all, nor a small one to nothing."""
    value = 100 * share
    if 0 < value < 0.1:
        return "under 0.1 %"
    if 99 < value < 100:
        return f"{int(value * 10) / 10:.1f} %"
    return f"{value:.0f} %" if value >= 1 or value == 0 else f"{value:.1f} %"


def count(total: int, noun: str, plural: str = "") -> str:
    """Write how many of something, e.g. ``1 entry`` or ``4,096 entries``."""
    return f"{total:,} {noun if total == 1 else plural or noun + 's'}"


def slopes(entry: Entry) -> str:
    """Write the slopes around a kink, e.g. ``0 | 1``."""
    # An estimate's zero has no sign to speak of.
    return " | ".join(number(slope + 0.0) for slope in entry.slopes)


def visible(text: str, keep: str = "") -> str:
    """Make control characters visible: a user's text must not colour, move or turn what stands behind it.

    Parameters
    ----------
    text : str
    keep : str
        Characters to leave as they are all the same.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in keep else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
