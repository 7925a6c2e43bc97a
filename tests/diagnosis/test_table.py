from actcheck.diagnosis.table import CHEAP, DEAR, TABLE

FAMILIES = {
    "combined",
    "form",
    "argument",
    "derivative",
    "formula",
    "identity",
    "rows",
    "region",
    "term",
    "precision",
    "normalisation",
}


def test_every_hypothesis_has_a_code_of_its_own():
    assert len({hypothesis.code for hypothesis in TABLE}) == len(TABLE) == len(CHEAP) + len(DEAR)


def test_every_hypothesis_stands_in_the_file_of_its_family():
    assert {hypothesis.family for hypothesis in TABLE} == FAMILIES
    for hypothesis in TABLE:
        assert hypothesis.test.__module__ == f"actcheck.diagnosis.{hypothesis.family}"


def test_every_hypothesis_says_what_the_mistake_is():
    assert all(hypothesis.test.__doc__ for hypothesis in TABLE)
