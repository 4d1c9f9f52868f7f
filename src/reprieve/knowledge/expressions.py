"""Reads the condition of a rule from text a clinician can review.

    systolic_mmhg >= stop or diastolic_mmhg >= stop_diastolic
    aneurysm and not aneurysm_repaired
    sud_history in ("mild", "moderate_severe")
    at_least(2, taking_opioid, taking_gabapentinoid)
    not known(cssrs_q1)

Names are facts or limits of the same rule. The text is parsed as a Python expression and translated; it is never run.
"""

import ast
from collections.abc import Mapping

from reprieve.domain.candidacy.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Comparison,
    Expression,
    Is,
    Known,
    Not,
    OneOf,
)
from reprieve.domain.candidacy.facts import FactDefinition, FactKind
from reprieve.domain.candidacy.rules import Limit
from reprieve.domain.quantities.units import convert
from reprieve.knowledge.schema import KnowledgeError

_COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Lt: Comparison.BELOW,
    ast.LtE: Comparison.AT_MOST,
    ast.Gt: Comparison.ABOVE,
    ast.GtE: Comparison.AT_LEAST,
}


class ExpressionReader:
    """Translates the text of one rule, knowing all facts and the limits of that rule."""

    def __init__(self, definitions: Mapping[str, FactDefinition], limits: Mapping[str, Limit], where: str) -> None:
        self.definitions = definitions
        self.limits = limits
        self.where = where

    def read(self, text: str) -> Expression:
        """The expression.  Raises: KnowledgeError naming the rule."""
        try:
            tree = ast.parse(" ".join(text.split()), mode="eval")
        except SyntaxError as problem:
            raise KnowledgeError(self.where, f"cannot read {text!r}: {problem.msg}") from None
        return self._node(tree.body)

    def _node(self, node: ast.expr) -> Expression:  # noqa: PLR0911  one answer a kind of node
        match node:
            case ast.Name(name):
                return Is(self._fact(name, FactKind.BOOLEAN).key)
            case ast.UnaryOp(ast.Not(), part):
                return Not(self._node(part))
            case ast.BoolOp(ast.And(), parts):
                return AllOf(tuple(self._node(part) for part in parts))
            case ast.BoolOp(ast.Or(), parts):
                return AnyOf(tuple(self._node(part) for part in parts))
            case ast.Compare(ast.Name(fact), [ast.In()], [ast.Tuple(words)]):
                return self._one_of(fact, words)
            case ast.Compare(ast.Name(fact), [comparison], [ast.Name(limit)]):
                return self._compare(fact, comparison, limit)
            case ast.Call(ast.Name("known"), [ast.Name(fact)], []):
                return Known(self._fact(fact).key)
            case ast.Call(ast.Name("at_least"), [ast.Constant(int(needed)), *parts], []):
                return AtLeast(needed, tuple(self._node(part) for part in parts))
        raise KnowledgeError(self.where, f"cannot use {ast.unparse(node)!r} in a condition")

    def _fact(self, name: str, kind: FactKind | None = None) -> FactDefinition:
        definition = self.definitions.get(name)
        if definition is None:
            raise KnowledgeError(self.where, f"{name!r} is not a fact")
        if kind is not None and definition.kind is not kind:
            raise KnowledgeError(self.where, f"{name!r} is a {definition.kind}, a {kind} is needed here")
        return definition

    def _compare(self, fact: str, comparison: ast.cmpop, limit: str) -> Compare:
        definition = self._fact(fact, FactKind.NUMBER)
        if limit not in self.limits or type(comparison) not in _COMPARISONS:
            raise KnowledgeError(self.where, f"{fact!r} must be held against a limit of the rule with <, <=, > or >=")
        held = self.limits[limit]
        return Compare(definition.key, _COMPARISONS[type(comparison)], convert(held.value, held.unit, definition.unit))

    def _one_of(self, fact: str, words: list[ast.expr]) -> OneOf:
        definition = self._fact(fact, FactKind.CHOICE)
        given = frozenset(str(word.value) for word in words if isinstance(word, ast.Constant))
        if len(given) != len(words) or not given <= set(definition.choices):
            raise KnowledgeError(self.where, f"{fact!r} has only the words {definition.choices}")
        return OneOf(definition.key, given)
