"""The line of a file and the table at the end of a folder."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group
from rich.table import Table

from reprieve.cli.screen.row import Row
from reprieve.domain.candidacy.assessment import Decision
from reprieve.knowledge.candidacy import fact_words

_MOST = 8
_WIDEST_NAME = 60


def line_of(row: Row, width: int) -> str:
    """File, decision, emergency, strongest rule, number of facts needed; or the code and sentence of a refusal."""
    name = f"{row.file:<{min(width, _WIDEST_NAME)}}"
    if row.decision is None:
        place = f" (at {row.error_at})" if row.error_at else ""
        return f"{name}  REFUSED      {row.error_code}: {row.error}{place}"
    emergency = "EMERGENCY" if row.emergency else ""
    return f"{name}  {row.decision:<11}  {emergency:<9}  {row.strongest_rule or '-':<20}  {_needs(row)}"


def summary_of(rows: Sequence[Row]) -> Group:
    """How many of each decision, and which facts are missing in most files."""
    answered = [row for row in rows if row.decision is not None]
    counts = [
        (decision, len(of_it), sum(row.emergency is True for row in of_it))
        for decision in Decision
        for of_it in [[row for row in answered if row.decision == decision]]
    ]
    missing = Counter(fact for row in answered for fact in row.facts_missing)
    return counted(counts, missing, of="files", refused=len(rows) - len(answered))


def counted(
    counts: Sequence[tuple[str, int, int]], missing: Counter[str], *, of: str, refused: int | None = None
) -> Group:
    """The table of decisions (how many, and how many of them emergencies), and of what is missing in most."""
    total = sum(count for _, count, _ in counts) + (refused or 0)
    table = Table(title=f"{total} {of}", title_justify="left", header_style="bold")
    table.add_column("decision")
    table.add_column(of, justify="right")
    table.add_column("of them emergency", justify="right")
    for decision, count, emergencies in counts:
        table.add_row(decision, str(count), str(emergencies))
    if refused is not None:
        table.add_row("refused", str(refused), "")
    return Group(table, _missing(missing, of)) if missing else Group(table)


def _needs(row: Row) -> str:
    count = len(row.facts_missing)
    return f"needs {count} {'fact' if count == 1 else 'facts'}" if count else "needs nothing more"


def _missing(counts: Counter[str], of: str) -> Table:
    table = Table(title="Missing most", title_justify="left", header_style="bold")
    table.add_column("fact")
    table.add_column("question", overflow="fold")
    table.add_column(of, justify="right")
    for fact, count in counts.most_common(_MOST):
        table.add_row(fact, fact_words()[fact].question, str(count))
    return table
