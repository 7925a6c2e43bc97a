from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from actcheck.targets import TargetBrokenError, TargetMissingError, resolve

from .conftest import SWISH, Write


def _missing(target: str) -> TargetMissingError:
    with pytest.raises(TargetMissingError) as caught:
        resolve(target)
    assert caught.value.where == target
    assert caught.value.trace == ""
    return caught.value


def _broken(target: str) -> TargetBrokenError:
    with pytest.raises(TargetBrokenError) as caught:
        resolve(target)
    trace = caught.value.trace
    assert "<frozen" not in trace
    assert "resolution.py" not in trace
    assert "importlib" not in trace
    return caught.value


def test_a_module_in_the_current_folder_is_importable(swish: Path) -> None:
    assert type(resolve("acts:Swish").functor).__module__ == "acts"


def test_a_module_of_a_package_is_importable(write: Write) -> None:
    write("pkg/__init__.py", "")
    write("pkg/sub/acts.py", SWISH)
    assert type(resolve("pkg.sub.acts:Swish").functor).__module__ == "pkg.sub.acts"


def test_a_functor_still_finds_its_siblings_when_it_imports_them_as_late_as_in_a_call(write: Write) -> None:
    write("late_sibling.py", "SCALE = 2\n")
    write(
        "late.py",
        """
        class Late:
            def __call__(self, X):
                from late_sibling import SCALE
                return SCALE * X

            def gradient(self, X):
                return 2
        """,
    )
    assert resolve("late:Late").functor(3) == 6


def test_a_file_in_the_current_folder_hides_none_of_our_modules_later(swish: Path, folder: Path) -> None:
    resolve("acts:Swish")
    assert sys.path[-1] == str(folder)
    assert str(folder) not in sys.path[:-1]


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        ("nowhere:Swish", "there is no module `nowhere`", "current folder and among the installed packages"),
        ("nowhere.at.all:Swish", "there is no module `nowhere`", "current folder and among the installed packages"),
        ("pkg.nothing:Swish", "there is no module `pkg.nothing`", "current folder and among"),
        ("pkg.act:Swish", "there is no module `pkg.act`", "Did you mean pkg.acts:Swish?"),
        ("pkg.Acts:", "there is no module `pkg.Acts`", "Did you mean pkg.acts:NAME?"),
        ("pgk.acts:Swish", "there is no module `pgk`", "Did you mean pkg.acts:Swish?"),
        ("pkg.acts.Swish", "there is no module `pkg.acts.Swish`", "Did you mean pkg.acts:Swish?"),
        ("pkg.acts.Swish:gradient", "there is no module `pkg.acts.Swish`", "Did you mean pkg.acts:Swish.gradient?"),
        (".acts:Swish", "`.acts` is not the name of a module", "Write the whole name, from the outermost package"),
        ("pkg..acts:Swish", "`pkg..acts` is not the name of a module", "Write the whole name"),
    ],
)
def test_a_module_that_is_not_there_is_named_with_what_may_be_meant(
    write: Write, target: str, what: str, fix: str
) -> None:
    write("pkg/__init__.py", "")
    write("pkg/acts.py", SWISH)
    error = _missing(target)
    assert error.what == what
    assert fix in error.fix


@pytest.mark.parametrize(
    ("word", "what", "fix"),
    [
        ("rellu", "there is no activation `rellu`", "Did you mean relu?"),
        ("qqqq", "there is no activation `qqqq`", "pkg.mod:NAME, or path/to/file.py:NAME."),
        ("two words", "there is no activation `two words`", "pkg.mod:NAME"),
        ("antigravity", "there is no activation `antigravity`", "pkg.mod:NAME"),
        ("here", "`here` is a folder, not a file", "Name a file in it, such as " + os.path.join("here", "acts.py")),
        (".", "`.` is a folder, not a file", "Name an activation"),
    ],
)
def test_a_word_that_is_neither_activation_nor_module_is_refused(write: Write, word: str, what: str, fix: str) -> None:
    write("here/acts.py", SWISH)
    error = _missing(word)
    assert error.what == what
    assert fix in error.fix
    assert "antigravity" not in sys.modules


def test_a_module_that_raises_is_told_with_its_own_traceback(write: Write) -> None:
    write("deep.py", "def f():\n    return 1 / 0\n")
    write("raises.py", "from deep import f\n\nf()\n")
    error = _broken("raises:Swish")
    assert error.what == "importing it raised ZeroDivisionError: division by zero"
    assert error.where == "raises:Swish"
    frames = [line.split(", in")[0] for line in error.trace.splitlines() if line.startswith("  File")]
    assert [frame.rpartition(os.sep)[2] for frame in frames] == ['raises.py", line 3', 'deep.py", line 2']
    assert error.trace.endswith("ZeroDivisionError: division by zero\n")


def test_a_syntax_error_is_told_with_its_line_and_caret(write: Write) -> None:
    write("pkg/__init__.py", "")
    write("pkg/typo.py", "X = 1\nclass Swish\n    pass\n")
    error = _broken("pkg.typo:Swish")
    assert error.what == "it is not valid Python: expected ':'"
    assert error.where == os.path.join("pkg", "typo.py") + ":2"
    assert "    class Swish\n               ^\nSyntaxError: expected ':'\n" in error.trace


def test_a_syntax_error_that_the_module_raises_on_text_is_not_placed_in_a_file(write: Write) -> None:
    write("evaluates.py", "eval('1 +')\n")
    assert _broken("evaluates:Swish").where == "evaluates:Swish"


def test_python_2_is_not_valid_python(write: Write) -> None:
    write("old.py", "print 'loaded'\n")
    assert "Missing parentheses in call to 'print'" in _broken("old:Swish").what


def test_a_dependency_that_is_missing_is_no_missing_target(write: Write) -> None:
    write("pkg/__init__.py", "")
    write("pkg/mod.py", "import os\nimport absent_dependency.part\n")
    error = _broken("pkg.mod:Swish")
    assert error.what == "it imports `absent_dependency`, and there is no such module"
    assert error.where == os.path.join("pkg", "mod.py") + ":2"
    assert "Install it" in error.fix
    assert "import absent_dependency.part" in error.trace


def test_a_module_that_raises_the_missing_modules_error_itself_is_broken(write: Write) -> None:
    write("itself.py", "raise ModuleNotFoundError('mine', name='itself')\n")
    _broken("itself:Swish")


def test_a_package_that_breaks_is_not_taken_for_a_missing_module(write: Write) -> None:
    write("pkg/__init__.py", "from pkg.absent import Thing\n")
    write("pkg/acts.py", SWISH)
    error = _broken("pkg.acts:Swish")
    assert error.what == "it imports `pkg.absent`, and there is no such module"
    assert error.where == os.path.join("pkg", "__init__.py") + ":1"


def test_an_exit_while_importing_is_a_refusal(write: Write) -> None:
    write("script.py", "import argparse\nargparse.ArgumentParser().parse_args(['--unknown'])\n")
    error = _broken("script:Swish")
    assert error.what == "it exits while it is imported (SystemExit: 2)"
    assert '`if __name__ == "__main__":`' in error.fix


def test_an_interrupt_passes_through_and_all_is_put_back(write: Write, folder: Path) -> None:
    write("slow.py", "raise KeyboardInterrupt\n")
    out, path = sys.stdout, [*sys.path, str(folder)]
    with pytest.raises(KeyboardInterrupt):
        resolve("slow:Swish")
    assert sys.stdout is out
    assert sys.path == path


def test_the_cause_stays_at_hand_for_a_debugger(write: Write) -> None:
    write("raises.py", "1 / 0\n")
    assert isinstance(_broken("raises:Swish").__cause__, ZeroDivisionError)


def test_a_file_named_as_a_module_of_pythons_own_is_found(write: Write) -> None:
    write("random.py", SWISH)
    before = sys.modules.get("random")
    target = resolve("random:Swish")
    assert target.origin is not None
    assert target.origin.file == str(Path("random.py").absolute())
    assert sys.modules.get("random") is before


def test_a_module_that_puts_an_object_in_its_place_is_taken_by_it(swish: Path, write: Write) -> None:
    write("space.py", "import sys, types, acts\nsys.modules[__name__] = types.SimpleNamespace(S=acts.Swish)\n")
    for target in ("space:S", "./space.py:S"):
        assert type(resolve(target).functor).__name__ == "Swish"
