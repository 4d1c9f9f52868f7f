"""A table of people is answered as each of them alone would be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.candidacy.columns import Listed, Numbers, column_of, compile_columns, table_of
from reprieve.domain.candidacy.compiled import truth_of
from reprieve.domain.candidacy.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Comparison,
    Is,
    Known,
    Not,
    OneOf,
    truth,
)
from reprieve.domain.quantities.interval import COMPARATORS, compared

KEYS = st.sampled_from(["one", "two", "three"])
NUMBERS = st.one_of(
    st.sampled_from([1.0, 2.0, 3.0, float("inf")]),
    st.builds(compared, st.sampled_from(sorted(COMPARATORS)), st.sampled_from([1.0, 1.5, 2.0, 3.0])),
)
WORDS = st.sampled_from(["mild", "severe"])
VALUES = st.one_of(st.booleans(), NUMBERS, WORDS)
LEAVES = st.one_of(
    st.builds(Is, KEYS),
    st.builds(Known, KEYS),
    st.builds(Compare, KEYS, st.sampled_from(Comparison), st.sampled_from([1.0, 2.0, 3.0])),
    st.builds(OneOf, KEYS, st.frozensets(st.sampled_from(["mild", "severe", "none"]))),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.builds(AllOf, st.lists(parts, max_size=4).map(tuple)),
        st.builds(AnyOf, st.lists(parts, max_size=4).map(tuple)),
        st.builds(AtLeast, st.integers(0, 4), st.lists(parts, max_size=4).map(tuple)),
    ),
    max_leaves=12,
)
MIXED = st.dictionaries(KEYS, VALUES)
TYPED = st.fixed_dictionaries({}, optional={"one": st.booleans(), "two": NUMBERS, "three": WORDS})


@given(
    st.lists(CONDITIONS, min_size=1, max_size=4), st.one_of(st.lists(TYPED, max_size=9), st.lists(MIXED, max_size=9))
)
def test_columns_mean_what_truth_says(conditions, people):
    table = table_of(people)
    columns = [np.broadcast_to(codes, len(people)) for codes in compile_columns(conditions)(table.column)]
    for condition, codes in zip(conditions, columns, strict=True):
        assert [truth_of(int(code)) for code in codes] == [truth(condition, one.get) for one in people]


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="nan is no number"):
        column_of([1.0, float("nan")])
    with pytest.raises(ValueError, match="no number"):
        column_of([1.0]).filled(np.array([True]), "mild")


def test_what_a_column_is_made_of():
    assert isinstance(column_of([1.0, None, compared("<", 3.0)]), Numbers)
    assert isinstance(column_of([True, None, 1.0]), Listed)
    assert column_of([True, None, 1.0]).values == (True, 1.0)
