"""The conditions of many rules as one function: each distinct question is put to the facts once.

`expression.truth` says what a condition means; this module says it fast and is held against it by a property. An
answer is two bits, "may be true" and "is true", so that Kleene's "and" is `&` and his "or" is `|`.
"""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, assert_never

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
    Read,
    truth,
)
from reprieve.domain.candidacy.facts import FactValue
from reprieve.domain.candidacy.kleene import Truth, at_least

NO, UNKNOWN, YES = 0b00, 0b01, 0b11
Codes = tuple[int, ...]
Ask = Callable[[Read], Codes]
Leaf = Is | Known | Compare | OneOf

_CODE_OF: dict[Truth, int] = {False: NO, None: UNKNOWN, True: YES}
_TRUTH_OF: dict[int, Truth] = {code: value for value, code in _CODE_OF.items()}
_NEGATED = {NO: YES, UNKNOWN: UNKNOWN, YES: NO}
_OPERATORS: dict[Comparison, ast.cmpop] = {
    Comparison.BELOW: ast.Lt(),
    Comparison.AT_MOST: ast.LtE(),
    Comparison.ABOVE: ast.Gt(),
    Comparison.AT_LEAST: ast.GtE(),
}


def truth_of(code: int) -> Truth:
    """The answer that a code stands for."""
    return _TRUTH_OF[code]


def compile_conditions(conditions: Iterable[Expression]) -> Ask:
    """A function that answers all conditions about the facts that a `read` gives, in their order."""
    ask: Ask = _OnePerson().function(conditions)
    return ask


class Writer(ABC):
    """Builds the syntax tree of a function that is given `read`; no text is ever parsed or run.

    `words`: what the tree may name besides its own variables.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.body: list[ast.stmt] = []
        self.names: dict[Expression | str, str] = {}
        self.constants: dict[str, Any] = dict(words)

    def function(self, conditions: Iterable[Expression]) -> Any:
        """The function; it answers with a tuple, one answer a condition."""
        answers = [self.node(condition) for condition in conditions]
        self.body.append(ast.Return(ast.Tuple(answers, ast.Load())))
        read = ast.arguments(posonlyargs=[], args=[ast.arg("read")], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = ast.FunctionDef(name="ask", args=read, body=self.body, decorator_list=[])
        module = ast.fix_missing_locations(ast.Module(body=[function], type_ignores=[]))
        exec(compile(module, "<conditions>", "exec"), self.constants)  # noqa: S102  our own tree, made of our own nodes
        return self.constants["ask"]

    def node(self, expression: Expression) -> ast.expr:
        """The variable that holds the answer; worked out where it is met first."""
        if expression not in self.names:
            self._assign(expression, self._written(expression))
        return _name(self.names[expression])

    def _assign(self, what: Expression | str, value: ast.expr) -> None:
        self.names[what] = f"v{len(self.names)}"
        self.body.append(ast.Assign([ast.Name(self.names[what], ast.Store())], value))

    def fact(self, key: str) -> ast.expr:
        """The variable that holds what was read of a fact."""
        if key not in self.names:
            self._assign(key, call("read", ast.Constant(key)))
        return _name(self.names[key])

    def constant(self, value: object) -> ast.expr:
        """A name for a value that has no sign of its own in a program."""
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return _name(name)

    @abstractmethod
    def leaf(self, leaf: Leaf) -> ast.expr:
        """How one question to one fact is written."""

    def negated(self, code: ast.expr) -> ast.expr:
        """How the opposite of an answer is written."""
        return call("negated", code)

    def _written(self, expression: Expression) -> ast.expr:
        match expression:
            case Is() | Known() | OneOf() | Compare():
                return self.leaf(expression)
            case Not(part):
                return self.negated(self.node(part))
            case AllOf(parts):
                return self._joined(parts, ast.BitAnd(), of_none=YES)
            case AnyOf(parts):
                return self._joined(parts, ast.BitOr(), of_none=NO)
            case AtLeast(needed, parts):
                return call("counted", ast.Constant(needed), *(self.node(part) for part in parts))
            case _:
                assert_never(expression)

    def _joined(self, parts: tuple[Expression, ...], operator: ast.operator, *, of_none: int) -> ast.expr:
        names = [self.node(part) for part in parts] or [ast.Constant(of_none)]
        joined = names[0]
        for name in names[1:]:
            joined = ast.BinOp(joined, operator, name)
        return joined


class _OnePerson(Writer):
    """For one person: `read` gives the value of a fact, and an answer is a number."""

    def __init__(self) -> None:
        super().__init__({"negations": _NEGATED, "held": code_of, "counted": _counted, "float": float})

    def negated(self, code: ast.expr) -> ast.expr:
        return ast.Subscript(_name("negations"), code, ast.Load())

    def leaf(self, leaf: Leaf) -> ast.expr:
        value = self.fact(leaf.fact)
        match leaf:
            case Is():
                return _choose((_is(value, True), YES), (_is(value, False), NO), otherwise=UNKNOWN)
            case Known():
                return _choose((_is(value, None), NO), otherwise=YES)
            case OneOf(words=words):
                listed = ast.Compare(value, [ast.In()], [self.constant(words)])
                return _choose((_is(value, None), UNKNOWN), (listed, YES), otherwise=NO)
            case Compare():
                return self._compared(leaf, value)
            case _:
                assert_never(leaf)

    def _compared(self, leaf: Compare, value: ast.expr) -> ast.expr:
        """A plain number is compared in place; whatever else it is, `truth` knows what to make of it."""
        holds = ast.Compare(value, [_OPERATORS[leaf.comparison]], [ast.Constant(leaf.limit)])
        plain = _is(ast.Attribute(value, "__class__", ast.Load()), _name("float"))
        unusual = call("held", self.constant(leaf), value)
        return _choose(
            (_is(value, None), UNKNOWN), (plain, _choose((holds, YES), otherwise=NO)), otherwise=unusual
        )  # fmt: skip


def code_of(leaf: Leaf, value: FactValue | None) -> int:
    """The answer to one question about a value, as `truth` gives it."""
    return _CODE_OF[truth(leaf, lambda _: value)]


def _counted(needed: int, *codes: int) -> int:
    return _CODE_OF[at_least(needed, (_TRUTH_OF[code] for code in codes))]


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """`name(...)`"""
    return ast.Call(_name(name), list(arguments), [])


def _is(value: ast.expr, what: ast.expr | bool | None) -> ast.expr:
    return ast.Compare(value, [ast.Is()], [what if isinstance(what, ast.expr) else ast.Constant(what)])


def _choose(*cases: tuple[ast.expr, ast.expr | int], otherwise: ast.expr | int) -> ast.expr:
    """`answer if test else ...` from first to last."""
    chosen = otherwise if isinstance(otherwise, ast.expr) else ast.Constant(otherwise)
    for test, answer in reversed(cases):
        chosen = ast.IfExp(test, answer if isinstance(answer, ast.expr) else ast.Constant(answer), chosen)
    return chosen
