"""Writes docs/knowledge/ out of the knowledge files, so that a clinician can review them without reading TOML.

scripts/knowledge_pages.py            write the pages
scripts/knowledge_pages.py --check    end with 1 when a page is not what the files say
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from reprieve.domain.candidacy.rules import Phase, Route, Rule
from reprieve.domain.quantities.sources import Source
from reprieve.knowledge.candidacy import RULE_FILES, fact_words, gate_words, indications, load_rule_base, rule_words
from reprieve.knowledge.condition_words import condition_in_words
from reprieve.knowledge.conflicts import Side, conflicts
from reprieve.knowledge.loader import read_toml, sources, toml_paths
from reprieve.knowledge.statements import consent_elements, definitions, drug_facts

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "knowledge"
VIGNETTES = ROOT / "tests" / "vignettes"
MADE = "<!-- Made by scripts/knowledge_pages.py from the files in src/reprieve/knowledge. Do not edit. -->\n"
CONFIDENCE = {
    "verified": "read in the source",
    "recalled": "**from memory: may warn, never decides alone**",
    "policy": "our own default, for each site to review",
    "seed_claim": "claimed by clinic texts, not evidence",
}
RULES_BY_FILE = {path: [table["id"] for table in read_toml(path)["rule"]] for path in RULE_FILES}


def cell(text: Any) -> str:
    return " ".join(str(text).split()).replace("|", "\\|") or " "


def table(headings: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> str:
    lines = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    return "\n".join([*lines, *(f"| {' | '.join(cell(value) for value in row)} |" for row in rows)]) + "\n"


def cited(source: Source) -> str:
    keys = ", ".join(f"[{key}](sources.md#{key.lower()})" for key in source.keys)
    return f"{keys}; {CONFIDENCE[source.confidence]}"


def scope(rule: Rule) -> str:
    parts = []
    if rule.routes != frozenset(Route):
        parts.append("only " + ", ".join(sorted(rule.routes)))
    if rule.indications:
        parts.append("for " + ", ".join(sorted(rule.indications)))
    if rule.phases != frozenset({Phase.SCREEN}):
        parts.append("asked at " + ", ".join(sorted(rule.phases)))
    return "; ".join(parts)


def clause(rule: Rule) -> Iterator[str]:
    base, words = load_rule_base(), rule_words()[(rule.id, rule.clause)]
    kind = f"**{rule.severity}**" + (", clears by itself" if rule.temporary else "")
    name = f" ({rule.clause})" if rule.clause else ""
    yield f"{kind}{name}: {words.statement}"
    if words.advice:
        yield f"*What to do:* {words.advice}"
    if scope(rule):
        yield f"*Scope:* {scope(rule)}"
    yield f"*Condition:* `{condition_in_words(rule.when, base.definitions)}`"
    for limit in rule.limits:
        yield f"*{limit.name}* = {limit.value:g} {limit.unit} ({cited(limit.source)})"
    yield f"*Source:* {cited(rule.source)}"


def rules_page(path: str) -> str:
    title = read_toml(path).get("title", path.removesuffix(".toml").replace("/", ", ").replace("_", " "))
    here = set(RULES_BY_FILE[path])
    parts = [f"# {title[:1].upper()}{title[1:]}\n"]
    rules = [rule for rule in load_rule_base().rules if rule.id in here]
    for rule_id, clauses in groupby(sorted(rules, key=lambda rule: rule.id), key=lambda rule: rule.id):
        parts.append(f"## {rule_id}\n")
        parts.extend("  \n".join(clause(each)) + "\n" for each in clauses)
    return "\n".join(parts)


def indications_page() -> str:
    rows = (
        (entry.id, entry.name, entry.evidence, entry.approval, cited(entry.source)) for entry in indications().values()
    )
    gates = "\n".join(f"- **{gate}**: {words}" for gate, words in gate_words().items())
    return (
        f"# Indications\n\n{table(('id', 'condition', 'evidence', 'approval', 'source'), rows)}\n## Gates\n\n{gates}\n"
    )


def facts_page() -> str:
    base = load_rule_base()
    readers: dict[str, set[str]] = {}
    for rule in base.rules:
        for key in rule.reads:
            readers.setdefault(key, set()).add(rule.id)
    rows = (
        (
            f"`{key}`",
            words.question,
            base.definitions[key].unit or ", ".join(base.definitions[key].choices) or "yes or no",
            base.definitions[key].fresh_for_days or "stays",
            base.definitions[key].effort,
            ", ".join(sorted(readers.get(key, ()))),
        )
        for key, words in fact_words().items()
    )
    return "# Facts\n\nAfter the days in the fourth column an answer is unknown again.\n\n" + table(
        ("fact", "question", "unit or words", "fresh for days", "learned by", "read by"), rows
    )


def values_page() -> str:
    """Every sourced number of the files that are not rules, by file."""
    parts = ["# Numbers\n\nEvery number with a source that is not the limit of a rule.\n"]
    for path in toml_paths():
        rows = [] if path in RULE_FILES else list(numbers(read_toml(path), ""))
        if rows:
            heading = ("what", "value", "unit", "source")
            parts.append(f"## {path}\n\n{table(heading, iter(rows))}")
    return "\n".join(parts)


def numbers(node: Any, where: str) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, Mapping):
        if "value" in node and "unit" in node and "source" in node:
            keys = [node["source"]] if isinstance(node["source"], str) else node["source"]
            note = f"; {node['note']}" if "note" in node else ""
            yield where, node["value"], node["unit"], ", ".join(keys) + "; " + CONFIDENCE[node["confidence"]] + note
        for key, child in node.items():
            yield from numbers(child, f"{where}.{key}".strip("."))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            name = child.get("id", index + 1) if isinstance(child, Mapping) else index + 1
            yield from numbers(child, f"{where}.{name}".strip("."))


def sources_page() -> str:
    parts = ["# Sources\n"]
    for key, entry in sorted(sources().items()):
        parts.append(f"## {key}\n\n{entry.citation}" + (f"  \n{entry.link}\n" if entry.link else "\n"))
    return "\n".join(parts)


def conflicts_page() -> str:
    rows = ((row.id, row.topic, side(row.a), side(row.b), row.default, row.why) for row in conflicts().values())
    text = "# Where sources disagree\n\nBoth values are kept; the default is what the program uses.\n\n"
    return text + table(("id", "topic", "one source", "another", "default", "why"), rows)


def side(of: Side) -> str:
    return f"{of.value} ({', '.join(of.sources)})" if of.sources else of.value


def statements_page() -> str:
    parts = ["# Statements\n\nWhat no rule decides: facts about the drug, definitions, elements of consent.\n"]
    for title, found in (
        ("The drug", drug_facts()),
        ("Treatment resistance and steps before", definitions()),
        ("Elements of consent", consent_elements()),
    ):
        rows = ((entry.id, entry.text, cited(entry.source)) for entry in found.values())
        parts.append(f"## {title}\n\n{table(('id', 'statement', 'source'), rows)}")
    return "\n".join(parts)


def medicines_page() -> str:
    document = read_toml("interactions/ingredients.toml")
    codes = {name: entry.get("rxcui", "") for name, entry in document["ingredients"].items()}

    def member(name: str) -> str:
        return f"{name} {codes.get(name) or '(no confirmed code)'}"

    rows = (
        (key, f"`{entry['fact']}`", ", ".join(map(member, entry["members"])))
        for key, entry in document["classes"].items()
    )
    text = "# Medicines by class\n\nName and RxNorm ingredient code must agree, or a person looks (ALG-08).\n\n"
    return text + table(("class", "fact", "members with RxCUI"), rows)


def limits_page() -> str:
    parts = [
        "# Just inside and just outside\n\nEvery limit of every rule with a value on either side; each row is a test.\n"
    ]
    for path in sorted((VIGNETTES / "limits").glob("*.toml")):
        rows = (
            (
                pair["rule"],
                pair["limit"],
                f"`{pair['fact']}`",
                pair["inside"],
                pair["outside"],
                ", ".join(f"{key} {value}" for key, value in pair.get("beside", {}).items()),
            )
            for pair in tomllib.loads(path.read_text(encoding="utf-8"))["pair"]
        )
        heading = ("rule", "limit", "fact", "fires at", "not at", "while")
        parts.append(f"## {path.stem.replace('_', ' ')}\n\n{table(heading, rows)}")
    return "\n".join(parts)


def vignettes_page() -> str:
    parts = ["# Vignettes\n\nInvented people whose answers are fixed: each is a test.\n"]
    for path in sorted((VIGNETTES / "candidacy").glob("*.toml")):
        vignette = tomllib.loads(path.read_text(encoding="utf-8"))
        parts.append(f"## {path.stem}\n\n{vignette.get('title') or vignette.get('person', '')}\n")
        parts.append(f"```toml\n{path.read_text(encoding='utf-8').strip()}\n```\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    made = {f"{path.removesuffix('.toml').replace('/', '-')}.md": rules_page(path) for path in RULE_FILES}
    made |= {
        "indications.md": indications_page(),
        "facts.md": facts_page(),
        "numbers.md": values_page(),
        "sources.md": sources_page(),
        "vignettes.md": vignettes_page(),
        "limits.md": limits_page(),
        "conflicts.md": conflicts_page(),
        "statements.md": statements_page(),
        "medicines.md": medicines_page(),
    }
    return {name: MADE + text for name, text in ({"README.md": index(made)} | made).items()}


def index(made: Mapping[str, str]) -> str:
    recalled = sum(rule.is_recalled for rule in load_rule_base().rules)
    lines = [
        "# What the program knows\n",
        f"{len(load_rule_base().rules)} rules, {recalled} of them written from memory. Confidence of a statement:\n",
        *(f"- `{word}`: {meaning}" for word, meaning in CONFIDENCE.items()),
        "\n## Pages\n",
        *(f"- [{text.splitlines()[0].removeprefix('# ')}]({name})" for name, text in made.items()),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    made, check = pages(), "--check" in sys.argv[1:]
    there = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    stale = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
    if check:
        for name in stale:
            print(f"docs/knowledge/{name} is not what the files say: run scripts/knowledge_pages.py", file=sys.stderr)
        return 1 if stale else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in made:
            (PAGES / name).write_text(made[name], encoding="utf-8")
        else:
            (PAGES / name).unlink()
    print(f"{len(made)} pages in docs/knowledge, {len(stale)} changed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
