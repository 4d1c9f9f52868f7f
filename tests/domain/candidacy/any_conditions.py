"""Any condition about a few facts, and any value of them, for properties of whatever asks conditions."""

from hypothesis import strategies as st

from reprieve.domain.candidacy.expression import AllOf, AnyOf, AtLeast, Compare, Comparison, Is, Known, Not, OneOf
from reprieve.domain.quantities.interval import COMPARATORS, compared

KEYS = st.sampled_from(["one", "two", "three", "four"])
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
