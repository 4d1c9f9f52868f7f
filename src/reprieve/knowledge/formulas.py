"""Reads the arithmetic of a model file: names, numbers, + - * / ( ), min, max, exp, where.

The text is parsed as a Python expression and translated into a tree; it is never run.
"""

import ast
from collections.abc import Mapping

from reprieve.domain.pharmacology.formula import Binary, Exponential, Formula, Name, Number, Operation, Where
from reprieve.knowledge.schema import KnowledgeError

_OPERATORS: Mapping[type[ast.operator], Operation] = {
    ast.Add: Operation.ADD,
    ast.Sub: Operation.SUBTRACT,
    ast.Mult: Operation.MULTIPLY,
    ast.Div: Operation.DIVIDE,
}


def read_formula(text: str, known: frozenset[str], where: str) -> Formula:
    """The tree of an expression that may use the names in `known`.  Raises: KnowledgeError."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as problem:
        raise KnowledgeError(where, f"cannot read {text!r}: {problem.msg}") from None
    return _node(tree.body, known, where)


def _node(node: ast.expr, known: frozenset[str], where: str) -> Formula:
    match node:
        case ast.Constant(float() | int() as value) if not isinstance(value, bool):
            return Number(float(value))
        case ast.Name(name) if name in known:
            return Name(name)
        case ast.Name(name):
            raise KnowledgeError(where, f"{name!r} is no parameter, covariate or derived value")
        case ast.UnaryOp(ast.USub(), part):
            return Binary(Operation.SUBTRACT, Number(0.0), _node(part, known, where))
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            return Binary(_OPERATORS[type(operator)], _node(left, known, where), _node(right, known, where))
        case ast.Call(ast.Name(function), parts, []):
            return _call(function, tuple(_node(part, known, where) for part in parts), where)
    raise KnowledgeError(where, f"cannot use {ast.unparse(node)!r} in a formula")


def _call(function: str, parts: tuple[Formula, ...], where: str) -> Formula:
    match function, parts:
        case (("min" | "max"), (left, right)):
            return Binary(Operation(function), left, right)
        case "exp", (of,):
            return Exponential(of)
        case "where", (flag, yes, no):
            return Where(flag, yes, no)
    raise KnowledgeError(where, f"{function!r} with {len(parts)} values is not min, max, exp or where")
