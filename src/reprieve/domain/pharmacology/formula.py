"""The arithmetic of a model file as a tree, evaluated over numbers or arrays.  It is never run as Python code."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from reprieve.domain.pharmacology.arrays import Namespace, Scalar


class Operation(StrEnum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    MINIMUM = "min"
    MAXIMUM = "max"


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    operation: Operation
    left: "Formula"
    right: "Formula"


@dataclass(frozen=True, slots=True)
class Exponential:
    of: "Formula"


@dataclass(frozen=True, slots=True)
class Where:
    """`yes` where `flag` is not zero, else `no`."""

    flag: "Formula"
    yes: "Formula"
    no: "Formula"


Formula = Number | Name | Binary | Exponential | Where


Program = Callable[[Mapping[str, Scalar], Namespace], Scalar]
"""A formula ready to be evaluated: values by name, and the library of their arrays."""


def evaluate(formula: Formula, values: Mapping[str, Scalar], xp: Namespace) -> Scalar:
    """The value; plain floats stay plain floats, arrays broadcast.

    Raises: KeyError for a name without value (the loader refuses such files); ZeroDivisionError for plain floats.
    """
    return program_of(formula)(values, xp)


def program_of(formula: Formula) -> Program:
    """The tree as nested functions, several times as fast as walking it: made once a model, run for every person."""
    match formula:
        case Number(value):
            return lambda values, xp: value
        case Name(name):
            return lambda values, xp: values[name]
        case Binary(operation, left, right):
            return _binary(operation, program_of(left), program_of(right))
        case Exponential(of):
            return _exponential(program_of(of))
        case Where(flag, yes, no):
            asked, first, second = program_of(flag), program_of(yes), program_of(no)
            return lambda values, xp: _where(asked(values, xp), first(values, xp), second(values, xp), xp)
        case _:
            assert_never(formula)


def names(formula: Formula) -> frozenset[str]:
    """Every name that the formula reads."""
    match formula:
        case Number():
            return frozenset()
        case Name(name):
            return frozenset({name})
        case Binary(_, left, right):
            return names(left) | names(right)
        case Exponential(of):
            return names(of)
        case Where(flag, yes, no):
            return names(flag) | names(yes) | names(no)
        case _:
            assert_never(formula)


def _binary(operation: Operation, left: Program, right: Program) -> Program:
    match operation:
        case Operation.ADD:
            return lambda values, xp: left(values, xp) + right(values, xp)
        case Operation.SUBTRACT:
            return lambda values, xp: left(values, xp) - right(values, xp)
        case Operation.MULTIPLY:
            return lambda values, xp: left(values, xp) * right(values, xp)
        case Operation.DIVIDE:
            return lambda values, xp: left(values, xp) / right(values, xp)
        case Operation.MINIMUM:
            return lambda values, xp: _least(left(values, xp), right(values, xp), xp)
        case Operation.MAXIMUM:
            return lambda values, xp: -_least(-left(values, xp), -right(values, xp), xp)
        case _:
            assert_never(operation)


def _exponential(of: Program) -> Program:
    def value(values: Mapping[str, Scalar], xp: Namespace) -> Scalar:
        power = of(values, xp)
        return math.exp(power) if isinstance(power, float) else xp.exp(power)

    return value


def _least(left: Scalar, right: Scalar, xp: Namespace) -> Scalar:
    if isinstance(left, float) and isinstance(right, float):
        return min(left, right)
    array = right if isinstance(left, float) else left
    one = xp.ones_like(array)
    return xp.minimum(left * one, right * one)


def _where(flag: Scalar, yes: Scalar, no: Scalar, xp: Namespace) -> Scalar:
    if isinstance(flag, float):
        return yes if flag else no
    one = xp.ones_like(flag)
    return xp.where(flag != 0.0, yes * one, no * one)
