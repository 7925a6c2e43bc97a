"""Notebooks as the scripts of their code cells."""

from __future__ import annotations

import json
import sys

import pytest

from actcheck.survey import Unit
from actcheck.targets import AttributeMissingError, TargetBrokenError, resolve
from actcheck.targets.notebooks import read
from actcheck.targets.surveying import survey

SIGMOID = """\
class Sigmoid:
    def __call__(self, x):
        return 1 / (1 + np.exp(-x))
    def gradient(self, x):
        raise RuntimeError("not today")
"""


@pytest.fixture
def notebook(folder):
    """Write a notebook of code cells, behind one of text."""

    def write(*cells, **metadata):
        made = [{"cell_type": "markdown", "source": ["# x = 1"]}]
        made += [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
        (folder / "nb.ipynb").write_text(json.dumps({"cells": made, "metadata": metadata, "nbformat": 4}))

    return write


def test_it_is_read_like_a_file(notebook):
    notebook("import numpy as np", SIGMOID)
    found = survey(Unit("nb.ipynb"))
    assert [each.target for each in found.found] == ["nb.ipynb:Sigmoid"]
    assert (found.problems, found.notes) == ((), ())
    assert resolve("nb.ipynb:Sigmoid").functor(0) == 0.5


def test_magics_are_skipped_and_said_so(notebook):
    notebook(
        "%matplotlib inline\nimport numpy as np\n!pip install this",
        "%%bash\nrm -rf /",
        "%%time\nfiles = !ls\nx = 7\nx?\nif x:\n    %timeit x\n",
        "y = (x\n  % 4)\nz = '''\n%no magic\n'''\ndisplay(z)",
    )
    made = read("nb.ipynb")
    assert not made.problems
    assert (made.module.x, made.module.y, made.module.z) == (7, 3, "\n%no magic\n")
    assert made.notes == (
        "6 lines of magics and shell commands skipped, in cells 1, 3",
        "cell 2 is not run: it is one of %%bash",
    )


def test_a_cell_that_fails_is_named_and_the_others_go_on(notebook):
    notebook("import numpy as np", "open('data.csv')", "print 'old'", "import no_such_thing", SIGMOID)
    found = survey(Unit("nb.ipynb"))
    assert [each.target for each in found.found] == ["nb.ipynb:Sigmoid"]
    told = [(problem.where, problem.what.partition(":")[0]) for problem in found.problems]
    assert told == [
        ("nb.ipynb[cell 2]:1", "running it raised FileNotFoundError"),
        ("nb.ipynb[cell 3]:1", "it is written for Python 2"),
        ("nb.ipynb[cell 4]:1", "it imports `no_such_thing`, and there is no such module"),
    ]


def test_what_a_failed_cell_would_have_defined_is_put_down_to_it(notebook):
    notebook("import numpy as np", "1 / 0\n" + SIGMOID)
    with pytest.raises(TargetBrokenError, match="ZeroDivisionError") as caught:
        resolve("nb.ipynb:Sigmoid")
    assert caught.value.where == "nb.ipynb[cell 2]:1"


def test_tracebacks_show_the_cell_and_its_line(notebook):
    from actcheck.targets.trace import cut_traceback

    notebook("import numpy as np", SIGMOID)
    try:
        resolve("nb.ipynb:Sigmoid").functor.gradient(0)
    except RuntimeError as error:
        trace = cut_traceback(error)
    assert 'nb.ipynb[cell 2]", line 5, in gradient' in trace
    assert 'raise RuntimeError("not today")' in trace


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "it is no notebook"),
        ("[]", "it has no cells"),
        ('{"cells": 3}', "it has no cells"),
        ('{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "its code is r, not Python"),
    ],
)
def test_what_is_none(folder, text, what):
    (folder / "nb.ipynb").write_text(text)
    with pytest.raises(TargetBrokenError, match=what):
        read("nb.ipynb")


def test_the_layout_before_version_4(folder):
    cells = [{"cell_type": "code", "input": ["x = 3"]}]
    (folder / "nb.ipynb").write_text(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}))
    assert read("nb.ipynb").module.x == 3


def test_what_notebooks_have_besides_python_is_taken_as_it_is_meant(notebook):
    notebook(
        "from IPython.display import HTML, display\nfrom IPython import get_ipython\ndisplay(HTML('<b>'))\nhere = 1",
        "get_ipython().run_line_magic('matplotlib', 'inline')\nis_colab = 'google.colab' in str(get_ipython())",
        "import asyncio\nawait asyncio.sleep(0)\nawaited = await asyncio.sleep(0, 7)",
        "%%writefile acts.py\ndef f(x): return x",
    )
    made = read("nb.ipynb")
    assert not made.problems
    assert (made.module.here, made.module.is_colab, made.module.awaited) == (1, False, 7)
    assert made.notes == ("cell 4 is not run: it is one of %%writefile acts.py",)
    assert "IPython" not in sys.modules


def test_what_stands_in_for_ipython_is_no_name_of_the_notebooks(notebook):
    notebook("def f(x):\n    display(x)\n    return get_ipython() and x")
    with pytest.raises(AttributeMissingError) as caught:
        resolve("nb.ipynb:nope")
    assert caught.value.fix == "It has `f`."
    made = read("nb.ipynb").module
    assert made.f(1) == 1


def test_a_misspelt_name_is_not_said_to_mean_a_stand_in(notebook):
    notebook("raise NameError(\"name 'displays' is not defined. Did you mean: 'display'?\")")
    (problem,) = read("nb.ipynb").problems
    assert problem.what == "running it raised NameError: name 'displays' is not defined"
    assert problem.trace.rstrip().endswith("NameError: name 'displays' is not defined")
