"""The report of a suite as Markdown."""

from __future__ import annotations

from actcheck.model import Failure, Status, SuiteResult
from actcheck.reports import markdown

from .test_suite import SUITE, result


def test_text(golden):
    golden("suite.md", markdown.dump(SUITE))


def test_a_users_text_is_no_markup():
    failure = Failure("target", "a | b <img> `x` *y*", trace="```\n````\n")
    text = markdown.dump(SuiteResult((result("a|b\n<c>", Status.UNUSABLE, failure=failure),)))
    assert r"| could not be checked | a\|b \<c\> | a \| b \<img\> \`x\` \*y\* |" in text
    assert r"<summary>a|b\n&lt;c&gt;</summary>" in text
    assert text.count("`````") == 2
