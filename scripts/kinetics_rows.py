"""Published observations of ketamine kinetics, from `tests/vignettes/kinetics/*.toml`, and how a number compares."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "vignettes" / "kinetics"
MEASURED_TOLERANCE = 0.005
"""A stated deviation must still be what we compute, to half a percent."""

WORDS = {
    "at": "level",
    "cmax": "peak",
    "tmax": "time of peak",
    "auc": "area",
    "auc_inf": "area to the end",
    "auc_per_dose": "area over dose",
    "clearance": "clearance",
    "clearance_l_per_h": "clearance",
    "bioavailability": "bioavailability",
    "molar_bioavailability": "with norketamine, molar bioavailability",
    "metabolite_ratio": "area over that of ketamine",
    "trough_share": "trough over peak",
    "geometric_mean_ratio": "geometric mean of predicted over observed",
    "half_life": "half-life",
    "half_life_of_chain": "own half-life",
    "interval_cmax": "peak, people",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number: what is expected of it, from which file and case."""

    id: str
    title: str
    tag: str
    case: Mapping[str, Any]
    asked: Mapping[str, Any]

    @property
    def what(self) -> str:
        """Given, whom, and the quantity, in words."""
        route, count = self.case["doses"][0]["route"], len(self.case["doses"])
        given = route if count == 1 else f"{route} x {count}"
        when = f" at {self.asked['at_min']:g} min" if self.asked["quantity"] == "at" else ""
        position = f" {self.asked['position'] + 1}" if "position" in self.asked else ""
        words = f"{self.asked['analyte']} {self.asked['site']} {WORDS[self.asked['quantity']]}{position}{when}"
        return ", ".join([given, *_people(self.case), words])

    @property
    def name(self) -> str:
        return f"{self.id} {self.case['model']} {self.what}"


def _people(case: Mapping[str, Any]) -> list[str]:
    words = [f"{case['age_y']:g} years"] if "age_y" in case else []
    if case.get("asian"):
        words.append("Japanese" if case.get("japanese") else "Asian")
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    row: Row
    predicted: float
    interval: tuple[float, float] | None = None

    @property
    def limits(self) -> tuple[float, float] | None:
        """Around the observation, or what a paper's parameters give where they do not give it; None: shown, not tested.

        An interval of people must hold the observation; see `holds`.
        """
        asked = self.row.asked
        if "range" in asked:
            lower, upper = asked["range"]
            return float(lower), float(upper)
        if "within" in asked:
            middle = asked.get("printed_parameters_give", asked["observed"])
            return middle * (1.0 - asked["within"]), middle * (1.0 + asked["within"])
        return None

    @property
    def holds(self) -> bool | None:
        if self.interval is not None:
            return self.interval[0] <= self.row.asked["observed"] <= self.interval[1]
        return None if self.limits is None else self.limits[0] <= self.predicted <= self.limits[1]


def rows() -> Iterator[Row]:
    """Every row of every file, A1 to A20 first."""
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in document["case"]:
            for asked in case["rows"]:
                yield Row(id=document["id"], title=document["title"], tag=document["tag"], case=case, asked=asked)
