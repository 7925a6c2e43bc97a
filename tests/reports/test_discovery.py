"""The report of all functors of some files, and the list of them."""

from __future__ import annotations

from actcheck.errors import TargetError
from actcheck.model import Outcome
from actcheck.reports.discovery import Discovered, error_line, render, render_list, sentence
from actcheck.survey import LeftOut, Listed

from .samples import WRONG, report

LEFT = (
    LeftOut("mypkg.activations:Base", "it is abstract: its `forward` is not written"),
    LeftOut("mypkg.activations:LeakyReLU", "its constructor needs arguments: add --negative-slope VALUE"),
    LeftOut("mypkg.tests.test_activations", "a test file: name it to have it read"),
)
NOTES = (("nb.ipynb", "8 lines of magics and shell commands skipped, in cells 1, 2, 3"),)
ERRORS = (("bad.py", TargetError("it is written for Python 2", where="bad.py:3")),)
FINE = (report(target="mypkg.activations:Tanh"), report(target="mypkg.activations:Sigmoid"))


def test_golden(golden):
    found = Discovered(3, (*FINE, WRONG), LEFT, ERRORS, NOTES)
    golden("discovery.txt", render(found))


def test_golden_list(golden):
    listed = (
        Listed("mypkg.activations:Tanh", "plain: __call__ and gradient", ()),
        Listed("mypkg.activations:softplus", "functions: softplus and softplus_prime", ("beta", "at_zero")),
        Listed("mypkg.activations:Open", "stateful: forward and backward", None),
    )
    golden("discovery_list.txt", render_list(listed, LEFT, NOTES))


def test_of_what_passes_there_is_a_line_and_of_the_rest_the_tables():
    text = render(Discovered(1, (*FINE, WRONG)))
    assert "wrong entries, worst first" in text
    assert text.count(" check ") == 1
    lines = text.splitlines()
    verdicts = [line for line in lines if line.startswith((" OK ", " WRONG "))]
    assert [line.split()[0] for line in verdicts] == ["WRONG", "OK", "OK"]


def test_a_single_one_is_shown_as_if_it_were_named():
    assert " check " in render(Discovered(1, FINE[:1]))


def test_the_last_line():
    assert sentence(Discovered(3, (*FINE, WRONG), LEFT, ERRORS)) == (
        "3 targets in 3 files: 2 ok, 1 wrong; 3 left out, 1 error"
    )
    assert sentence(Discovered(1, FINE[:1])) == "1 target in 1 file: 1 ok"
    assert sentence(Discovered(1, (), LEFT)) == "0 targets in 1 file; 3 left out"
    assert sentence(Discovered(1, (report(Outcome.NOT_RUN),))) == "1 target in 1 file: 1 not run"


def test_an_error_is_one_line_with_the_place_once():
    assert error_line("bad.py", ERRORS[0][1]) == "error: bad.py:3: it is written for Python 2"
    assert error_line("bad.py", TargetError("gone", where="other.py:1")) == "error: bad.py: gone"
    told = error_line("./nb.ipynb", TargetError("gone", where="nb.ipynb[cell 2]:7"))
    assert told == "error: nb.ipynb[cell 2]:7: gone"
