import numpy as np
from functors import right, wrong

from actcheck.diagnosis.evidence import own_numbers

from .observing import evidence_of


def test_numbers_of_a_functor_are_its_keywords_and_attributes():
    assert own_numbers(right.Selu(), {}) == {"scale": right.Selu.scale, "alpha": right.Selu.alpha}
    assert own_numbers(right.SoftmaxVectorised(3), {"stretch": 3}) == {"stretch": 3.0}
    assert own_numbers(right.Tanh(), {"flag": True, "name": "x", "size": np.inf}) == {}


def test_entries_have_the_shape_of_the_gradient():
    assert evidence_of(wrong.TanhDoubled()).diagonal
    evidence = evidence_of(wrong.TanhOfLinearWithOneEntryOff())
    assert evidence.analytic.shape[1:] == (7, 5)
    assert evidence.by_output(evidence.value).shape == evidence.by_input(evidence.X).shape == evidence.analytic.shape
    assert not evidence.square


def test_faults_at_kinks_are_to_be_explained_only_where_there_are_no_others():
    at_kinks = evidence_of(wrong.ReluWithTwoAtZero())
    assert at_kinks.kinks[at_kinks.to_explain].all()
    others = evidence_of(wrong.ReluWithSidesSwapped())
    assert not others.kinks[others.to_explain].any()


def test_what_is_within_a_scope_is_known_of_it_only():
    evidence = evidence_of(wrong.TanhDoubled())
    part = evidence.within(evidence.X > 0)
    assert not part.known[part.X <= 0].any()
    assert not part.to_explain[part.X <= 0].any()
