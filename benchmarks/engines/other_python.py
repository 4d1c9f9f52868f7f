"""The same rules and charts in other Python rule engines; runs in an environment that has them (requirements.txt).

Reads `{"rules": [tree], "charts": [{fact: value}], "runs": n}` on standard input, writes answers and seconds by engine.
A tree is `["is", fact]`, `[">=", fact, limit]`, `["in", fact, [word]]`, `["not", tree]`, `["all" | "any", tree, ...]`.
"""

import json
import sys
import time
from importlib.metadata import version

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_NUMERIC
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    string_rule_variable,
)
from cqlpy._internal.context.context import Context
from cqlpy._internal.parameter import Parameter
from cqlpy.operators import greater, greater_or_equal, is_true, less, less_or_equal
from cqlpy.types import Decimal
from json_logic import jsonLogic

NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def json_logic(tree):
    match tree:
        case ["is", fact]:
            return {"var": fact}
        case ["in", fact, words]:
            return {"in": [{"var": fact}, words]}
        case ["not", part]:
            return {"!": [json_logic(part)]}
        case ["all" | "any" as kind, *parts]:
            return {{"all": "and", "any": "or"}[kind]: [json_logic(part) for part in parts]}
        case [operator, fact, limit]:
            return {operator: [{"var": fact}, limit]}


def business_rule(tree, wanted=True):
    """Its conditions know no "not": it is pushed down to the leaves."""
    match tree:
        case ["is", fact]:
            return {"name": fact, "operator": "is_true" if wanted else "is_false", "value": True}
        case ["in", fact, words]:
            listed = [{"name": fact, "operator": "equal_to", "value": word} for word in words]
            assert wanted, "no operator for the absence of a word"
            return {"any": listed}
        case ["not", part]:
            return business_rule(part, not wanted)
        case ["all" | "any" as kind, *parts]:
            return {
                kind if wanted else {"all": "any", "any": "all"}[kind]: [business_rule(one, wanted) for one in parts]
            }
        case [operator, fact, limit]:
            names = {"<": "less_than", "<=": "less_than_or_equal_to", ">": "greater_than",
                     ">=": "greater_than_or_equal_to"}  # fmt: skip
            return {"name": fact, "operator": names[operator if wanted else NEGATED[operator]], "value": limit}


def cql_function(tree):
    """As cqlpy wants it written: Python functions of a context; facts are parameters of the library."""
    match tree:
        case ["is", fact]:
            parameter = Parameter(fact, "Boolean")
            return lambda context: bool(is_true(context[parameter]).value)
        case ["in", fact, words]:
            parameter = Parameter(fact, "String")
            return lambda context: str(context[parameter]) in words
        case ["not", part]:
            inner = cql_function(part)
            return lambda context: not inner(context)
        case ["all" | "any" as kind, *parts]:
            functions, join = [cql_function(part) for part in parts], {"all": all, "any": any}[kind]
            return lambda context: join(function(context) for function in functions)
        case [operator, fact, limit]:
            compare = {"<": less, "<=": less_or_equal, ">": greater, ">=": greater_or_equal}[operator]
            parameter, bound = Parameter(fact, "Decimal"), Decimal(limit)
            return lambda context: bool(compare(context[parameter], bound).value)


def in_json_logic(rules, charts):
    compiled = [json_logic(tree) for tree in rules]
    return lambda: [[bool(jsonLogic(rule, chart)) for rule in compiled] for chart in charts]


def in_business_rules(rules, charts):
    kinds = {bool: boolean_rule_variable, float: numeric_rule_variable, int: numeric_rule_variable,
             str: string_rule_variable}  # fmt: skip
    members = {key: kinds[type(value)]()(_reader(key)) for key, value in charts[0].items()}
    variables = type("Facts", (BaseVariables,), {"__init__": _keep, **members})
    listed = [
        {"conditions": conditions if {"all", "any"} & set(conditions) else {"all": [conditions]},
         "actions": [{"name": "fire", "params": {"rule": number}}]}
        for number, conditions in enumerate(map(business_rule, rules))
    ]  # fmt: skip

    def answer(chart):
        fired = Fired()
        run_all(listed, variables(chart), fired)
        return [number in fired.rules for number in range(len(rules))]

    return lambda: [answer(chart) for chart in charts]


def in_cqlpy(rules, charts):
    functions = [cql_function(tree) for tree in rules]
    texts = [{key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in chart.items()}
             for chart in charts]  # fmt: skip
    bundle = {"resourceType": "Bundle", "entry": []}

    def answer(parameters):
        context = Context(None, bundle=bundle, parameters=parameters)
        return [function(context) for function in functions]

    return lambda: [answer(parameters) for parameters in texts]


class Fired(BaseActions):
    def __init__(self):
        self.rules = set()

    @rule_action(params={"rule": FIELD_NUMERIC})
    def fire(self, rule):
        self.rules.add(rule)


def _reader(key):
    return lambda self: self.chart[key]


def _keep(self, chart):
    self.chart = chart


def main():
    given = json.load(sys.stdin)
    done = {}
    engines = {"json-logic-qubit": in_json_logic, "business-rules": in_business_rules, "cqlpy": in_cqlpy}
    for name, prepare in engines.items():
        work = prepare(given["rules"], given["charts"])
        answers, seconds = work(), []
        for _ in range(given["runs"]):
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
        done[f"{name} {version(name)}"] = {"answers": answers, "seconds": seconds}
    json.dump(done, sys.stdout)


if __name__ == "__main__":
    main()
