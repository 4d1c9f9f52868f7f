"""What a review of the knowledge finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: a code (`KN-...`), the place in the files, and one sentence."""

    code: str
    where: str
    sentence: str

    @property
    def is_note(self) -> bool:
        """Worth knowing, but nothing is wrong: a source that nothing cites yet."""
        return self.code == "KN-UNUSED-SOURCE"
