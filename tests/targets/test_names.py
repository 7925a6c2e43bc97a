from __future__ import annotations

import pytest

from actcheck.targets import TargetMissingError
from actcheck.targets.names import parse


@pytest.mark.parametrize(
    ("target", "place", "attribute"),
    [
        ("relu", "relu", ""),
        ("  relu ", "relu", ""),
        ("pkg.mod:attr", "pkg.mod", "attr"),
        ("pkg.mod:ns.attr", "pkg.mod", "ns.attr"),
        ("pkg.mod : attr", "pkg.mod", "attr"),
        ("mod:", "mod", ""),
        ("mod:TABLE['relu']", "mod", "TABLE.relu"),
        ('mod:Net.TABLE["relu"]', "mod", "Net.TABLE.relu"),
        ("mod:Act[ab]", "mod", "Act[ab]"),
        ("./acts.py:Swish", "./acts.py", "Swish"),
        ("/abs/my file.py:Swish", "/abs/my file.py", "Swish"),
        (r"C:\code\acts.py:Swish", r"C:\code\acts.py", "Swish"),
        ("C:/code/acts.py:Swish", "C:/code/acts.py", "Swish"),
        (r"C:\code\acts.py", r"C:\code\acts.py", ""),
    ],
)
def test_a_name_is_taken_apart_at_its_colon(target: str, place: str, attribute: str) -> None:
    reference = parse(target)
    assert (reference.place, reference.attribute) == (place, attribute)
    assert reference.text == target.strip()


@pytest.mark.parametrize(
    ("target", "is_file", "is_bare"),
    [
        ("relu", False, True),
        ("pkg.mod", False, True),
        ("relu:", False, False),
        ("pkg.mod:attr", False, False),
        ("acts.py", True, False),
        ("ACTS.PY:Swish", True, False),
        ("src/acts:Swish", True, False),
        (r"src\acts:Swish", True, False),
    ],
)
def test_a_path_is_told_from_a_module_and_from_a_word(target: str, is_file: bool, is_bare: bool) -> None:
    reference = parse(target)
    assert (reference.is_file, reference.is_bare) == (is_file, is_bare)


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        ("", "no target is named", "Name an activation"),
        ("  ", "no target is named", "Name an activation"),
        (":", "names no module or file before the ':'", "Name an activation"),
        (":Swish", "names no module or file before the ':'", "Name an activation"),
        ("acts.py::Swish", "more than one ':'", "Did you mean acts.py:Swish?"),
        ("acts.py::Swish::inner", "more than one ':'", "Did you mean acts.py:Swish.inner?"),
        (r"C:\acts.py::Swish", "more than one ':'", r"Did you mean C:\acts.py:Swish?"),
        ("::", "more than one ':'", "Name an activation"),
    ],
)
def test_what_is_no_name_is_refused_with_what_is(target: str, what: str, fix: str) -> None:
    with pytest.raises(TargetMissingError) as caught:
        parse(target)
    assert what in caught.value.what
    assert fix in caught.value.fix
