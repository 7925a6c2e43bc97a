"""What is a magic in a notebook's cell, and what only looks like one."""

from __future__ import annotations

import pytest

from actcheck.targets.magics import cell_of


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("%matplotlib inline", "pass"),
        ("!pip install this", "pass"),
        ("pip install this", "pass"),
        ("    %timeit f(3)", "    pass"),
        ("np.dot??", "pass"),
        ("?np.dot", "pass"),
        ("files = !ls", "files = []"),
        ("    a, b = !ls", "    a, b = []"),
        ("took = %timeit -o f(3)", "took = None"),
        ("%time y = f(3)", "y = f(3)"),
        ("  %time fit(x) % 2", "  fit(x) % 2"),
        ("%timeit y = f(3)", "pass"),
    ],
)
def test_a_magic_leaves_in_its_place_what_it_does_to_the_rest(line, read):
    made = cell_of(1, f"x = 1\n{line}\ny = 2")
    assert (made.code, made.skipped) == (f"x = 1\n{read}\ny = 2\n", 1)


@pytest.mark.parametrize(
    "code",
    [
        "x = (7\n% 4\n)",
        "x = 7 \\\n% 4",
        'text = """\n%matplotlib inline\n!pip install x\nwhat?\n"""',
        "text = r'''\n!x \\''' \n%y\n'''",
        "d = {\n  'a': [\n'(',\n '%s'\n% 3\n]}",
        "x = 'a \\\n%b'",
        "# what?\nx = 1  # (\ny = 'why?'",
        "def f(x):\n    return x != 1",
        "if x:\n    y %= 4",
    ],
)
def test_what_is_python_stays_as_it_is(code):
    made = cell_of(1, code)
    assert (made.code, made.skipped) == (f"{code}\n", 0)


def test_a_magic_behind_brackets_and_texts_is_one_again():
    made = cell_of(3, "x = f(\n'''\n%a\n''', (\n% 1))\n%b\n!c \\\n   d\ny = 'it''s'\n%e")
    assert made.code == "x = f(\n'''\n%a\n''', (\n% 1))\npass\npass\n\ny = 'it''s'\npass\n"
    assert made.skipped == 4


@pytest.mark.parametrize("head", ["%%bash", "%%writefile acts.py", "%%html", "%%cython -a", "%%script bash"])
def test_a_cell_of_another_language_is_named(head):
    made = cell_of(2, f"\n{head}\nls")
    assert (made.other, made.code) == (head, "")


@pytest.mark.parametrize("head", ["%%time", "%%capture out", "%%timeit -n 3", "%%prun"])
def test_a_cell_that_is_python_under_its_magic_is_read(head):
    assert cell_of(2, f"{head}\nx = 1").code == "pass\nx = 1\n"
