from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from actcheck.targets import resolve
from actcheck.targets.surroundings import user_code

from .conftest import SWISH, Write


def test_what_a_module_changes_for_the_process_is_put_back(write: Write, folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    write(
        "changes.py",
        "import os, sys, warnings\n"
        "import numpy as np\n"
        "os.chdir('elsewhere')\n"
        "warnings.simplefilter('ignore')\n"
        "np.seterr(all='raise')\n"
        "sys.stdout = None\n" + SWISH,
    )
    out, filters, errors = sys.stdout, list(warnings.filters), np.geterr()
    target = resolve("changes:Swish")
    assert target.notes == ("its code changed the current folder; that was undone",)
    assert Path.cwd() == folder
    assert (sys.stdout, list(warnings.filters), np.geterr()) == (out, filters, errors)


def test_what_a_module_adds_to_the_path_stays_for_its_later_imports(write: Write, folder: Path) -> None:
    write("adds.py", "import sys\nsys.path.insert(0, 'lib')\nsys.path.append('more')\n" + SWISH)
    resolve("adds:Swish")
    assert sys.path[0] == "lib"
    assert sys.path[-2:] == ["more", str(folder)]


def test_all_is_put_back_where_the_code_raises(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    out = sys.stdout
    with pytest.raises(ZeroDivisionError), user_code(()):
        os.chdir("elsewhere") or 1 / 0
    assert Path.cwd() == folder
    assert sys.stdout is out


def test_warnings_of_a_module_are_shown_on_stderr_and_no_failure(write: Write) -> None:
    write("warns.py", "import warnings\nwarnings.warn('beware')\n" + SWISH)
    command = [sys.executable, "-c", "from actcheck.targets import resolve; resolve('warns:Swish')"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == ""
    assert "UserWarning: beware" in done.stderr
