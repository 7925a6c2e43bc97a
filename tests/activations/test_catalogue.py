"""The catalogue says what is so, and can be read without NumPy."""

from __future__ import annotations

import ast
import inspect
import math
import subprocess
import sys
from pathlib import Path

import pytest

import actcheck.activations
from actcheck.activations.catalogue import ENTRIES, Entry, find, load, nearest

from .cases import CASES, Case

NAMES = [entry.name for entry in ENTRIES]
PARAMETERS = [(entry, parameter) for entry in ENTRIES for parameter in entry.parameters]


def by_entry(value) -> str:
    return value.name if hasattr(value, "name") else str(value)


def test_names_and_aliases_are_unique_and_in_kebab_case() -> None:
    names = [name for entry in ENTRIES for name in (entry.name, *entry.aliases)]
    assert len({name.replace("-", "") for name in names}) == len(names)
    assert all(name == name.lower() and "_" not in name and " " not in name for name in names)


def test_the_seed_and_what_users_expect_are_there() -> None:
    seed = {"sigmoid", "tanh", "linear", "relu", "softplus", "softmax"}
    assert seed <= set(NAMES)
    for alias, name in {"identity": "linear", "swish": "silu"}.items():
        assert find(alias) is find(name)


@pytest.mark.parametrize(
    "name", ["leaky-relu", "leaky_relu", "LeakyReLU", "LEAKY-RELU", " leaky relu".replace(" ", "")]
)
def test_case_and_separators_do_not_matter(name: str) -> None:
    entry = find(name)
    assert entry is not None
    assert entry.name == "leaky-relu"


@pytest.mark.parametrize("entry", ENTRIES, ids=by_entry)
def test_an_entry_is_found_by_all_its_names(entry: Entry) -> None:
    for name in (entry.name, *entry.aliases, entry.attribute):
        assert find(name) is entry


def test_an_unknown_name_is_not_found() -> None:
    assert find("bach") is None
    assert find("") is None
    assert find("mypkg.activations:ReLU") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sofmax", "softmax"),
        ("sigmod", "sigmoid"),
        ("Leaky_RELU6", "leaky-relu"),
        ("swich", "silu"),
        ("layernrom", "layer-norm"),
    ],
)
def test_a_misspelt_name_is_guessed(typed: str, meant: str) -> None:
    assert nearest(typed) == meant


def test_nothing_like_it_is_not_guessed() -> None:
    assert nearest("qqqqzzzz") is None


@pytest.mark.parametrize("entry", ENTRIES, ids=by_entry)
def test_parameters_are_the_constructor_s_keywords(entry: Entry) -> None:
    signature = inspect.signature(load(entry))
    stated = {parameter.name: parameter.default for parameter in entry.parameters}
    assert stated == {name: parameter.default for name, parameter in signature.parameters.items()}


@pytest.mark.parametrize("entry", ENTRIES, ids=by_entry)
def test_texts_fit_and_are_there(entry: Entry) -> None:
    for text in (entry.title, entry.formula, entry.derivative, entry.domain, entry.range, entry.source, entry.widths):
        assert text
        assert text == text.strip()
        assert all(len(line) <= 80 for line in text.splitlines())
    assert all(len(kink) <= 80 for kink in entry.kinks)
    assert all(len(p.meaning) <= 60 and not p.meaning.endswith(".") for p in entry.parameters)


@pytest.mark.parametrize("entry", ENTRIES, ids=by_entry)
def test_the_formula_names_its_parameters(entry: Entry) -> None:
    says = " ".join([entry.formula, entry.derivative, *entry.kinks])
    assert all(parameter.name in says for parameter in entry.parameters)


@pytest.mark.parametrize("entry", ENTRIES, ids=by_entry)
def test_a_class_is_documented(entry: Entry) -> None:
    functor = load(entry)
    assert inspect.getdoc(functor)
    for method in (functor.__call__, functor.gradient):
        assert inspect.getdoc(method)


@pytest.mark.parametrize(("entry", "parameter"), PARAMETERS, ids=by_entry)
def test_bounds_are_ordered_and_examples_within(entry: Entry, parameter) -> None:
    low, high = parameter.examples
    assert parameter.low <= low < high <= parameter.high
    assert parameter.low <= parameter.default <= parameter.high


@pytest.mark.parametrize(("entry", "parameter"), PARAMETERS, ids=by_entry)
def test_what_is_out_of_bounds_is_refused(entry: Entry, parameter) -> None:
    outside = [math.inf, -math.inf, math.nan, parameter.low - 1, parameter.high + 1]
    for value in outside:
        with pytest.raises(ValueError, match=rf"^{parameter.name} must be .*, got {value}$"):
            load(entry)(**{parameter.name: value})


@pytest.mark.parametrize("case", CASES, ids=str)
def test_parameters_are_kept_as_numbers(case: Case) -> None:
    functor = case.functor()
    for name, value in case.parameters:
        assert getattr(functor, name) == value


def test_classes_can_be_imported_from_the_package() -> None:
    assert sorted(actcheck.activations.__all__) == sorted(entry.attribute for entry in ENTRIES)
    for entry in ENTRIES:
        assert getattr(actcheck.activations, entry.attribute) is load(entry)
    assert set(actcheck.activations.__all__) <= set(dir(actcheck.activations))


def test_type_checkers_are_shown_every_class() -> None:
    tree = ast.parse(Path(actcheck.activations.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    shown = {alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert shown == {entry.attribute for entry in ENTRIES}


def test_an_unknown_class_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Bach'"):
        _ = actcheck.activations.Bach


def test_reading_the_catalogue_imports_no_numpy() -> None:
    code = (
        "import sys, actcheck.activations, actcheck.activations.catalogue as c\n"
        "assert c.find('relu') and c.nearest('rellu')\n"
        "assert 'numpy' not in sys.modules\n"
        "from actcheck.activations import ReLU\n"
        "assert 'numpy' in sys.modules and ReLU is c.load(c.find('relu'))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
