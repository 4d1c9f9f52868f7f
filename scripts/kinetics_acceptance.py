"""Predictions against published observations: `tests/vignettes/kinetics/*.toml` -> a page of the reference.

`python scripts/kinetics_acceptance.py` writes the page, `--check` fails when it is stale. The test of the rows reads
the same functions (`kinetics_quantities`), so page and test cannot differ.
"""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kinetics_quantities import evaluate
from kinetics_rows import FOLDER, Result, Row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "kinetics-acceptance.md"
HEAD = """# Kinetics: predictions against what was observed

Every row runs as a test (`tests/domain/pharmacology/test_kinetics_acceptance.py`). Observed values are published ones,
predictions are for a typical person unless an interval is meant. `fails` is a row that misses its tolerance and says
why; the tolerance is never widened. `not reproducible` is a published number that the parameters printed beside it do
not give, here or elsewhere: what they do give is tested instead. Rows without a limit are shown only.

Tags: *VERIFIED-text* read in the paper or its abstract, *VERIFIED-code* read in public model code that cites the paper,
*VERIFIED-dig* read off a digitised figure, *DERIVED* computed when the models were chosen, so it checks this
implementation and not nature. Rows A1 to A4 were used to estimate K2S, so their agreement is expected.

"""


def page() -> str:
    """The whole page, one table for each file."""
    parts = [HEAD]
    for path in sorted(FOLDER.glob("*.toml")):
        parts.append(_section(tomllib.loads(path.read_text(encoding="utf-8"))))
    return "".join(parts)


def _section(document: Mapping[str, Any]) -> str:
    lines = [
        f"## {document['id']} {document['title']}",
        "",
        f"{document['source']}; {document['tag']}. Tolerance: {document['tolerance']}.",
        "",
        "| Model | What | Observed | Predicted | Ratio | Result |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for case in document["case"]:
        for asked in case["rows"]:
            row = Row(id=document["id"], title=document["title"], tag=document["tag"], case=case, asked=asked)
            lines.append(_line(evaluate(row)))
    return "\n".join([*lines, "", ""])


def _line(result: Result) -> str:
    asked = result.row.asked
    observed = asked["observed"]
    unit = "" if asked["unit"] == "1" else f" {asked['unit']}"
    ratio = f"{result.predicted / observed:.2f}" if isinstance(observed, int | float) and observed else ""
    predicted = f"{result.predicted:.4g}"
    if result.interval is not None:
        predicted += f" ({result.interval[0]:.3g} to {result.interval[1]:.3g})"
    cells = (result.row.case["model"], result.row.what, f"{observed}{unit}", predicted, ratio, _verdict(result))
    return f"| {' | '.join(cells)} |"


def _verdict(result: Result) -> str:
    asked = result.row.asked
    verdict = {True: "holds", False: "fails", None: "shown"}[result.holds]
    if "not_reproducible" in asked:
        given, reason = asked["printed_parameters_give"], asked["not_reproducible"]
        return f"not reproducible: the printed parameters give {given} ({reason}), and that {verdict}"
    return f"{verdict}: {asked['fails']}" if "fails" in asked else verdict


def main(arguments: list[str]) -> int:
    text = page()
    if "--check" in arguments:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("fresh" if fresh else f"{PAGE.name} is stale: run scripts/kinetics_acceptance.py")
        return 0 if fresh else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
