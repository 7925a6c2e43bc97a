"""The splitter: what goes to Typer, and what to a functor's constructor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.cli.options import Keyword, options_of, split
from actcheck.reserved import COMMANDS, RESERVED, Takes

RESERVED_NAMES = {reserved.name for reserved in RESERVED}

names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z][a-z0-9]{0,5}){0,2}", fullmatch=True).filter(
    lambda name: name not in RESERVED_NAMES
)
values = st.one_of(
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["true", "false", "-inf", "inf", "nan", "-", "", "a b", "x=y", "-x"]),
    st.text(max_size=8).filter(lambda text: not text.startswith("--")),
)
told_values = values.filter(bool)
targets = st.from_regex(r"[A-Za-z_./:][A-Za-z_./:0-9]{0,12}", fullmatch=True)
own_values = st.sampled_from([r.name for r in RESERVED if r.takes is Takes.VALUE and "verify" in r.commands])
own_flags = st.sampled_from([r.name for r in RESERVED if r.takes is Takes.NOTHING and "verify" in r.commands])


@st.composite
def pieces(draw):
    """Give tokens, with what they are: a keyword, an option of ours, or an argument."""
    kind = draw(st.sampled_from(["keyword", "value", "flag", "target"]))
    if kind == "target":
        target = draw(targets)
        return kind, [target], target
    if kind == "flag":
        flag = f"--{draw(own_flags)}"
        return kind, [flag], flag
    # A keyword may be an empty text, an option of ours may not.
    name, value = draw(names if kind == "keyword" else own_values), draw(values if kind == "keyword" else told_values)
    tokens = draw(st.sampled_from([[f"--{name}", value], [f"--{name}={value}"]]))
    whole = Keyword(name.replace("-", "_"), value) if kind == "keyword" else f"--{name}={value}"
    return kind, tokens, whole


@given(st.lists(pieces(), max_size=8))
def test_every_token_goes_where_it_belongs(given_pieces):
    """Keywords, options of ours and targets in any order, values of any sort behind a blank or an equals sign."""
    tokens = [token for _, tokens, _ in given_pieces for token in tokens]
    parted = split(["verify", *tokens])
    assert not parted.mistakes
    assert list(parted.keywords) == [whole for kind, _, whole in given_pieces if kind == "keyword"]
    options = [whole for kind, _, whole in given_pieces if kind in ("value", "flag")]
    arguments = [whole for kind, _, whole in given_pieces if kind == "target"]
    assert list(parted.args) == ["verify", *options, "--", *arguments]


@given(st.lists(st.text(max_size=10), max_size=10))
def test_nothing_that_is_typed_breaks_it(tokens):
    parted = split(["verify", *tokens])
    assert parted.args[0] == "verify"


@given(st.lists(st.text(max_size=10), max_size=6))
def test_behind_two_dashes_all_are_targets(tokens):
    parted = split(["verify", "--", *tokens])
    assert parted.args == ("verify", "--", *tokens)
    assert parted.keywords == parted.mistakes == ()


@pytest.mark.parametrize(
    ("tokens", "keyword"),
    [
        (["--stretch", "2"], Keyword("stretch", "2")),
        (["--shift", "-inf"], Keyword("shift", "-inf")),
        (["--slope", "-0.1"], Keyword("slope", "-0.1")),
        (["--negative-slope=0.1"], Keyword("negative_slope", "0.1")),
        (["--negative_slope", ".1"], Keyword("negative_slope", ".1")),
        (["--inplace", "true"], Keyword("inplace", "true")),
        (["--text="], Keyword("text", "")),
        (["--text=--x"], Keyword("text", "--x")),
    ],
)
def test_keywords(tokens, keyword):
    parted = split(["verify", "relu", *tokens, "tanh"])
    assert parted.keywords == (keyword,)
    assert parted.args == ("verify", "--", "relu", "tanh")
    assert not parted.mistakes


@pytest.mark.parametrize("row", ["-1,2", "-1", "-inf,0", "0,-1,2", "-.5 1"])
def test_rows_may_begin_with_a_minus(row):
    for tokens in (["--x", row], [f"--x={row}"]):
        assert split(["verify", *tokens, "relu"]).args == ("verify", f"--x={row}", "--", "relu")


@pytest.mark.parametrize(
    ("tokens", "what"),
    [
        (["--stretch"], "--stretch needs a value"),
        (["--stretch", "--json"], "--stretch needs a value"),
        (["--batch"], "--batch needs a value"),
        (["--domain", "0"], "--domain needs two values"),
        (["--domain"], "--domain needs two values"),
        (["--json=1"], "--json takes no value"),
        (["--stop-after", "0,1"], "--stop-after is reserved for a later version"),
        (["--csv", ""], "--csv needs a value, and the one given is empty"),
        (["--set", ""], "--set needs a value, and the one given is empty"),
        (["--rtol="], "--rtol needs a value, and the one given is empty"),
        (["--plot=relu"], "--plot is reserved for a later version"),
        (["--version"], "--version is no option of verify"),
        (["-1"], "-1 is no option: options begin with two dashes"),
        (["--1abc", "2"], "--1abc is no option, and no name that a parameter can have"),
        (["--=2"], "-- is no option, and no name that a parameter can have"),
    ],
)
def test_mistakes(tokens, what):
    assert [mistake.what for mistake in split(["verify", *tokens, "--no-edge"]).mistakes] == [what]


@pytest.mark.parametrize("tokens", [["--domain", "-inf", "-1"], ["--domain=-inf,-1"]])
def test_two_values_go_with_one_option(tokens):
    parted = split(["verify", *tokens, "log"])
    assert parted.args == ("verify", "--domain=-inf,-1", "--", "log")
    assert split(["show", *tokens, "relu"]).mistakes[0].what == "--domain is no option of show"


def test_all_mistakes_are_told():
    parted = split(["verify", "relu", "--json=1", "--csv", "--stretch", "--bach"])
    assert len(parted.mistakes) == 4


def test_a_mistyped_flag_is_recognised():
    assert split(["verify", "relu", "--strct"]).mistakes[0].fix == "Did you mean --strict?"


def test_options_of_one_command_are_refused_in_another():
    (mistake,) = split(["jacobian", "relu", "--batch", "8"]).mistakes
    assert mistake.what == "--batch is no option of jacobian"


@pytest.mark.parametrize("argv", [[], ["--version"], ["--help"], ["verfy", "--stretch", "2"], ["--show-completion"]])
def test_other_command_lines_are_left_to_typer(argv):
    assert split(argv).args == tuple(argv)


def test_help_has_a_short_form():
    assert split(["verify", "-h"]).args == ("verify", "--help", "--")


def test_the_list_of_names_is_what_typer_declares():
    """One list of reserved names, and it is the truth."""
    import typer

    from actcheck.cli.app import app

    group = typer.main.get_command(app)
    declared = {"actcheck": group, **group.commands}
    assert set(COMMANDS) <= set(group.commands)
    for name, command in declared.items():
        options = [param for param in command.params if param.param_type_name == "option"]
        flags = {param.opts[0][2:] for param in options if param.is_flag} | {"help"}
        valued = {param.opts[0][2:] for param in options if not param.is_flag}
        reserved = [each for each in RESERVED if name in each.commands]
        assert {each.name for each in reserved if each.takes is Takes.NOTHING} == flags
        assert {each.name for each in reserved if each.takes in (Takes.VALUE, Takes.TWO)} == valued
        assert set(options_of(name)) == flags | valued


def test_no_name_is_reserved_twice_and_planned_ones_have_no_command():
    assert len(RESERVED_NAMES) == len(RESERVED)
    for each in RESERVED:
        assert (each.takes is Takes.LATER) == (each.commands == ())
