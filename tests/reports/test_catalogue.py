"""The catalogue as text: whole pages as golden files, and what holds of every entry."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace

import pytest

from actcheck.activations.catalogue import ENTRIES, find, load
from actcheck.activations.curves import sample
from actcheck.cli.options import split
from actcheck.reports.canvas import Look
from actcheck.reports.catalogue import DOCS, Shown, dump, render, render_list
from actcheck.reports.plot import Curve

ASCII = Look(encoding="ascii")
ENCODINGS = ["utf-8", "ascii", "latin-1", "cp1252", "cp437", "koi8-r"]


def shown(name, **parameters):
    entry = find(name)
    if not entry.elementwise:
        return Shown(entry, tuple(parameters.items()))
    points = sample(load(entry)(**parameters))
    curves = Curve("f(x)", points.xs, points.values), Curve("f'(x)", points.xs, points.slopes)
    return Shown(entry, tuple(parameters.items()), curves)


def commands(text):
    return [line.partition("actcheck ")[2] for line in text.splitlines() if "actcheck verify" in line]


PAGES = {
    "softmax": shown("softmax"),
    "gelu_tanh": shown("gelu-tanh"),
    "leaky_relu": shown("leaky-relu", negative_slope=0.3),
    "threshold": shown("threshold"),
}


@pytest.mark.parametrize("name", PAGES)
def test_golden(name, golden):
    golden(f"show_{name}.txt", render(PAGES[name]))


@pytest.mark.parametrize("name", PAGES)
def test_golden_in_ascii(name, golden):
    golden(f"show_{name}_ascii.txt", render(PAGES[name], ASCII))


def test_golden_list(golden):
    golden("list.txt", render_list(ENTRIES))


def test_golden_list_in_ascii(golden):
    golden("list_ascii.txt", render_list(ENTRIES, ASCII))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_in_any_encoding(entry, encoding):
    """It fits in 80 columns, and nothing is left that only a programmer can read."""
    text = render(shown(entry.name), Look(encoding=encoding))
    text.encode(encoding)
    assert "\\" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r" $", text, re.MULTILINE)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_list_in_any_encoding(encoding):
    text = render_list(ENTRIES, Look(encoding=encoding))
    text.encode(encoding)
    assert "\\" not in text
    assert max(map(len, text.splitlines())) <= 80
    words = text.split()
    for entry in ENTRIES:
        assert entry.name in words
        for alias in entry.aliases:
            assert re.search(rf"\b{alias}\b", text)
        for parameter in entry.parameters:
            option = parameter.name.replace("_", "-")
            assert f"--{option}" in words or f"{parameter.name}={parameter.default:g}" in words


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_all_that_is_known_is_shown(entry):
    page = " ".join(render(shown(entry.name)).split())
    facts = [entry.name, entry.formula, entry.derivative, entry.domain, entry.range, entry.widths, entry.source]
    facts += [*entry.aliases, *entry.kinks, f"{entry.module}:{entry.attribute}"]
    facts += [text for each in entry.parameters for text in (each.meaning, each.bounds)]
    for fact in facts:
        assert " ".join(fact.split()) in page


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_commands_are_ones_that_can_be_typed(entry):
    names = {parameter.name for parameter in entry.parameters}
    plain, *others = commands(render(shown(entry.name)))
    assert plain == f"verify {entry.name}"
    assert len(others) == bool(names)
    for command in others:
        parted = split(shlex.split(command))
        assert not parted.mistakes
        given = {keyword.name for keyword in parted.keywords}
        given |= {text.removeprefix("--set=").partition("=")[0] for text in parted.args if text.startswith("--set=")}
        assert given == names


def test_what_was_asked_for_is_in_the_command():
    assert commands(render(PAGES["leaky_relu"])) == ["verify leaky-relu --negative-slope 0.3"]
    assert commands(render(shown("softmax", stretch=2))) == ["verify softmax --stretch 2"]
    assert commands(render(shown("threshold", value=2))) == ["verify threshold --set value=2"]


def test_the_plot_follows_the_parameters():
    page = render(PAGES["leaky_relu"])
    assert "with negative_slope = 0.3\n" in page
    assert "-1.5 " in page
    assert "-1.5 " not in render(shown("leaky-relu"))


def test_a_range_is_that_of_the_defaults():
    assert "(-1, ∞)\n" in render(shown("elu"))
    assert "(-1, ∞) (by default)\n" in render(shown("elu", alpha=2))


def test_a_row_s_function_has_no_plot():
    assert "f'(x)" not in render(shown("softmax"))


def test_signs_are_spelt_out_so_that_they_still_can_be_read():
    silu = render(shown("silu"), ASCII)
    assert "sigma(beta x) + beta x sigma(beta x) (1 - sigma(beta x))" in silu
    assert "beta = beta" not in silu
    gelu = render(shown("gelu"), ASCII)
    assert "x Phi(x)    with Phi(x) = erfc(-x / sqrt(2)) / 2" in gelu
    assert "Muller 1998" in render(shown("tanh"), ASCII)
    assert "sum_k x_k² / n" in render(shown("rms-norm"), Look(encoding="latin-1"))


def test_a_formula_that_is_too_long_is_broken_before_its_explanations():
    entry = replace(find("elu"), formula=f"f(x) = {'x + ' * 12}x    with x = y")
    for text in (render(Shown(entry)), render_list([entry])):
        assert re.search(r"\+ x\n +with x = y\n", text)


def test_the_page_may_be_wide():
    first = render_list([find("gelu-tanh")], Look(width=120)).splitlines()[2]
    assert first.endswith("with z = √(2/π) (x + 0.044715 x³)")


def test_color_changes_nothing_but_the_color():
    for page in PAGES.values():
        colored = re.sub(r"\x1b\[[\d;]*m", "", render(page, Look(color=True)))
        assert [line.rstrip() for line in colored.split("\n")] == render(page).split("\n")


def test_json_is_what_its_description_says():
    text = dump(ENTRIES)
    assert text.isascii()
    document = json.loads(text, parse_constant=pytest.fail)
    blocks = [re.findall(r"^  (\w+)", block, re.MULTILINE) for block in DOCS.split("\n\n")[1:]]
    assert list(document) == blocks[0]
    assert [each["name"] for each in document["entries"]] == [entry.name for entry in ENTRIES]
    for each, entry in zip(document["entries"], ENTRIES, strict=True):
        assert list(each) == blocks[1]
        assert each["formula"] == entry.formula
        assert each["elementwise"] is entry.elementwise
    (stretch,) = next(each for each in document["entries"] if each["name"] == "softmax")["parameters"]
    assert stretch == {
        "name": "stretch",
        "default": 1,
        "meaning": "the factor s; 1/s is the temperature",
        "bounds": "finite and not 0",
        "low": None,
        "high": None,
    }
