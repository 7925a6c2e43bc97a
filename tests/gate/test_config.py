"""The configuration: what its checks are, and what is said of what is wrong with it."""

from __future__ import annotations

import random

import pytest

from actcheck.errors import ConfigError
from actcheck.gate.config import TIMEOUT, ConfigMistakesError, load
from actcheck.model import CheckSpec, Layout, Reading
from actcheck.specification import BOTH_WAYS

GOOD = """\
seed = 3
timeout = 20
strict = true

[[checks]]
target = "relu"
parameters = { at_zero = [0, 0.5] }
dim = [1, 5]

[[checks]]
target = "mine.functions:Swish"
name = "swish"
rows = [[0, -1.5], [2, 3]]
layout = "in-out"
domain = [0, inf]
rtol = 1
xfail = "to be written"

[[checks]]
target = "softmax"
csv = "rows.csv"
columns = ["a", 2]
strict = false
skip = "slow"
"""


PROOFS = """\
[[checks]]
target = "relu"
command = "prove"
interval = [-10, 10]
tolerance = 1e-8
lines = 3
"""


@pytest.fixture
def config(tmp_path):
    """Read a text as the configuration of a folder."""

    def read(text):
        (tmp_path / "actcheck.toml").write_text(text)
        return load(tmp_path)

    return read


@pytest.fixture
def wrong(config):
    """Give all that is wrong with a text."""

    def read(text):
        with pytest.raises(ConfigMistakesError) as caught:
            config(text)
        return [(each.what, each.where, each.fix) for each in caught.value.mistakes]

    return read


def test_every_combination(config):
    cases = config(GOOD).cases[:4]
    assert [case.name for case in cases] == [
        "relu[at_zero=0,dim=1]",
        "relu[at_zero=0,dim=5]",
        "relu[at_zero=0.5,dim=1]",
        "relu[at_zero=0.5,dim=5]",
    ]
    assert cases[3].spec == CheckSpec("relu", (("at_zero", 0.5),), dim=5, seed=3, strict=True)
    assert {case.line for case in cases} == {5}


def test_settings(config, tmp_path):
    loaded = config(GOOD)
    swish, softmax = loaded.cases[4:]
    assert swish.spec == CheckSpec(
        "mine.functions:Swish",
        dim=2,
        seed=3,
        typed=((0.0, -1.5), (2.0, 3.0)),
        layout=Layout.IN_OUT,
        domain=(0.0, float("inf")),
        rtol=1.0,
        strict=True,
    )
    assert (swish.name, swish.timeout, swish.xfail) == ("swish", 20.0, "to be written")
    assert softmax.spec == CheckSpec("softmax", seed=3, csv="rows.csv", columns=("a", "2"))
    assert (softmax.skip, softmax.line) == ("slow", 19)
    assert loaded.folder == tmp_path
    assert loaded.baseline == tmp_path / "actcheck-baseline.json"


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (['target = "relu"'], ["relu"]),
        (['target = "a.b:C"', "dim = 5"], ["C[dim=5]"]),
        (['target = "softmax"', "parameters.stretch = 2.0"], ["softmax[stretch=2]"]),
        (['target = "x"', "parameters.on = true", 'name = "y"'], ["y"]),
        (['target = "x"', 'dtype = ["float32", "float64"]', 'name = "y"'], ["y[dtype=float32]", "y[dtype=float64]"]),
        (['target = "./my.py:F"', "seed = 4"], ["F[seed=4]"]),
    ],
)
def test_names(config, lines, names):
    assert [case.name for case in config("\n".join(["[[checks]]", *lines])).cases] == names


def test_defaults_show_in_names_only_where_they_vary(config):
    text = 'dim = {}\nseed = 2\n[[checks]]\ntarget = "relu"\n'
    assert [case.name for case in config(text.format(4)).cases] == ["relu"]
    assert [case.name for case in config(text.format([1, 4])).cases] == ["relu[dim=1]", "relu[dim=4]"]


def test_in_pyproject(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[[tool.actcheck.checks]]\ntarget = "relu"\nbach = 8\n')
    with pytest.raises(ConfigMistakesError) as caught:
        load(tmp_path)
    (mistake,) = caught.value.mistakes
    assert mistake.where == "pyproject.toml: tool.actcheck.checks, number 1 (relu)"
    (tmp_path / "pyproject.toml").write_text('[[tool.actcheck.checks]]\ntarget = "relu"\n')
    assert load(tmp_path).cases[0].timeout == TIMEOUT


def test_every_mistake_at_once(wrong):
    told = wrong(
        'bach = 1\nbatch = "8"\n[[checks]]\nname = "a"\n'
        '[[checks]]\ntarget = "b"\ndims = 3\nrtol = -1\nxfail = ""\n[[checks]]\ntarget = "c"\nbaseline = "x"\n'
    )
    assert [what for what, _, _ in told] == [
        "there is no key `bach`",
        "batch must be a whole number of at least 1, not '8'",
        "it has no target",
        "there is no key `dims`",
        "rtol must be a number of at least 0, not -1",
        "xfail must be a text that is not empty, not ''",
        "there is no key `baseline`",
    ]
    assert told[0][1] == "actcheck.toml: the top"
    assert told[0][2].startswith("Did you mean batch? Allowed: baseline, ")
    assert told[3][1] == "actcheck.toml: checks, number 2 (b)"
    assert told[4][1] == "actcheck.toml: checks, number 2 (b), key rtol"
    assert told[6][2].startswith("It belongs outside of the checks. ")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "it lists no checks"),
        ("checks = []", "it lists no checks"),
        ("checks = 3", "checks must be a list of tables"),
        ("checks = [1]", "checks must be a list of tables"),
        ('[[checks]]\ntarget = "relu"\n[[checks]]\ntarget = "relu"\n', "2 checks are called relu"),
        ('[[checks]]\ntarget = "a"\nrows = [[1], [1, 2]]\n', "the rows have different widths: 1, 2"),
        ('[[checks]]\ntarget = "a"\nrows = [[1]]\ndim = 2\n', "dim is 2, but the rows have width 1"),
        ('[[checks]]\ntarget = "a"\nrows = [[1]]\ncsv = "x"\n', "rows and csv exclude each other"),
        ('[[checks]]\ntarget = "a"\ncolumns = ["x"]\n', "columns are those of csv, which is not given"),
        ('[[checks]]\ntarget = "a"\ncsv = "-"\n', "csv cannot be standard input here"),
        ('coupled = true\n[[checks]]\ntarget = "a"\ncsv = "x"\n', "rows of a file cannot be taken as one batch"),
        ('[[checks]]\ntarget = "a"\nskip = "x"\nxfail = "y"\n', "xfail and skip exclude each other"),
        ('full = true\n[[checks]]\ntarget = "a"\ndirections = 4\n', BOTH_WAYS),
        (
            '[[checks]]\ntarget = "a"\nbatch = 99999999999999999999\n',
            "batch must be at most 100,000,000, not 99999999999999999999",
        ),
        (
            '[[checks]]\ntarget = "a"\ndim = [1, 1000000000]\n',
            "dim must be at most 100,000,000, not list [1, 1000000000]",
        ),
        ('[[checks]]\ntarget = "a\\u0000"\n', "target must be a text without the character NUL, not 'a\\x00'"),
        ('[[checks]]\ntarget = "a"\ncsv = "\\u0000"\n', "csv must be a text without the character NUL, not '\\x00'"),
        (
            'baseline = "\\u0000"\n[[checks]]\ntarget = "a"\n',
            "baseline must be a text without the character NUL, not '\\x00'",
        ),
        ('[[checks]]\ntarget = "a"\ndirections = 0\n', "directions must be a whole number of at least 1, not 0"),
        (
            '[[checks]]\ntarget = "a"\nparameters = { "at-zero" = 1 }\n',
            "`at-zero` is no name that a parameter can have",
        ),
        (f'[[checks]]\ntarget = "a"\nseed = {list(range(10_001))}\n', "there are more than 10,000 checks"),
    ],
)
def test_one_mistake(wrong, text, what):
    assert [told for told, _, _ in wrong(text)] == [what]


def test_the_whole_error_reads_as_text(config):
    with pytest.raises(ConfigMistakesError) as caught:
        config("bach = 1")
    assert str(caught.value).count("\n") == 3


def test_random_edits_never_end_in_a_traceback(tmp_path):
    """A thousand edits of a good configuration: an error that says where, or checks to run."""
    chance = random.Random(4)
    file = tmp_path / "actcheck.toml"
    usable, told = 0, []
    for _ in range(1000):
        file.write_text(edited(GOOD, chance))
        try:
            usable += bool(load(tmp_path).cases)
        except ConfigError as error:
            told.append(str(error))
    assert 50 < usable < 950
    assert all("actcheck.toml" in text for text in told)


def edited(text, chance):
    start = chance.randrange(len(text))
    kind = chance.randrange(4)
    if kind == 0:
        return text[:start] + text[start + chance.randrange(1, 12) :]
    if kind == 1:
        return text[:start] + chance.choice('"[]{}=,.-#\n09aefx_ ') + text[start:]
    if kind == 2:
        lines = text.split("\n")
        chance.shuffle(lines)
        return "\n".join(lines) if chance.random() < 0.2 else text.replace(chance.choice(text.split()), "true", 1)
    return text[:start] + text[start + 1 : start + 2] + text[start : start + 1] + text[start + 2 :]


def test_a_layer(config):
    text = 'dim = [1, 2]\nedge = true\n[[checks]]\ntarget = "tanh"\ncommand = "layer"\ninputs = 3\noutputs = 2\n'
    (case,) = config(text).cases
    assert case.name == "layer tanh[inputs=3,outputs=2]"
    assert case.spec == CheckSpec("tanh", command="layer", inputs=3, dim=2, edge=False)
    (case,) = config('[[checks]]\ntarget = "tanh"\ncommand = "layer"\nname = "l"\noutputs = 2\n').cases
    assert (case.name, case.spec.dim) == ("l", 2)


def test_keys_of_the_other_command(wrong):
    text = '[[checks]]\ntarget = "tanh"\ncommand = "layer"\nrows = [[1]]\n[[checks]]\ntarget = "relu"\ninputs = 3\n'
    assert [what for what, _, _ in wrong(text)] == [
        "rows is no key of the command layer",
        "inputs is no key of the command verify",
    ]


def test_a_proof(config):
    (case,) = config(PROOFS).cases
    assert case.name == "prove relu"
    spec = CheckSpec("relu", command="prove", interval=(-10.0, 10.0), tolerance=1e-8, lines=3)
    assert case.spec == spec


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (PROOFS.replace("interval = [-10, 10]\n", ""), "a proof needs an interval"),
        (PROOFS.replace("[-10, 10]", "[10, 10]"), "the interval's first end must be less than the second"),
        (
            PROOFS.replace("[-10, 10]", "[10]"),
            "interval must be a list of two numbers, either of which may be inf or -inf, not list [10]",
        ),
        (PROOFS.replace("[-10, 10]", "[0, inf]"), "the interval of a proof must be finite"),
        (PROOFS + "rows = [[1.0]]\n", "rows is no key of the command prove"),
        (PROOFS.replace('command = "prove"\n', ""), "interval is no key of the command verify"),
    ],
)
def test_mistakes_about_proofs(config, text, what):
    with pytest.raises(ConfigMistakesError) as caught:
        config(text)
    assert what in [mistake.what for mistake in caught.value.mistakes]


def test_sensitivity_is_a_key_of_checks_of_rows(tmp_path):
    (tmp_path / "actcheck.toml").write_text(
        'sensitivity = true\n[[checks]]\ntarget = "relu"\n[[checks]]\ntarget = "relu"\ncommand = "layer"\n'
    )
    verify, layer = load(tmp_path).cases
    assert verify.spec.sensitivity
    assert not layer.spec.sensitivity
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "relu"\ncommand = "layer"\nsensitivity = true\n')
    with pytest.raises(ConfigMistakesError) as caught:
        load(tmp_path)
    (mistake,) = caught.value.mistakes
    assert mistake.what == "sensitivity is no key of the command layer"


def test_how_code_is_read(config):
    text = (
        '[[checks]]\ntarget = "m:f"\ngradient = "m:df"\nderivative-of = "output"\n'
        '[[checks]]\ntarget = "m:Dense"\nvalue = "run"\nderivative = "back"\nsamples = "columns"\n'
        'parameter = ["W=dV"]\n'
    )
    first, second = config(text).cases
    assert first.spec == CheckSpec("m:f", reading=Reading(gradient="m:df", derivative_of="output"))
    assert second.spec.reading == Reading("", "run", "back", "input", "columns", ("W=dV",))


def test_a_derivative_is_named_in_one_way(wrong):
    ((what, _, _),) = wrong('[[checks]]\ntarget = "m:f"\ngradient = "m:df"\nderivative = "df"\n')
    assert what == "gradient and derivative exclude each other"
