"""The whole review: all files as they are shipped, then the rule base made from them."""

from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.loader import read_toml, toml_paths
from reprieve.knowledge.review.problem import Problem
from reprieve.knowledge.review.rules import rule_problems
from reprieve.knowledge.review.values import value_problems


def review_knowledge() -> tuple[Problem, ...]:
    """Everything that a review finds, notes last.  Raises: KnowledgeError where a file breaks its schema."""
    documents = {path: read_toml(path) for path in toml_paths()}
    found = (*value_problems(documents), *rule_problems(load_rule_base()))
    return tuple(sorted(found, key=lambda problem: (problem.is_note, problem.code, problem.where)))
