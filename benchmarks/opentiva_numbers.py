"""Records what opentiva 1.1.2 predicts for its ketamine models; runs in an environment that has opentiva.

opentiva (MIT licence) is run, never copied. Its source distribution carries C that does not compile on Python 3.11:
unpack it, delete `opentiva/pkpd.c`, install Cython, and install the folder with `pip install --no-build-isolation .`.

    <environment with opentiva>/bin/python benchmarks/opentiva_numbers.py
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from opentiva import ketamine
from opentiva.pkpd import PkPdModel

NUMBERS = Path(__file__).resolve().parent.parent / "tests" / "domain" / "pharmacology" / "data" / "opentiva_1_1_2.json"
TIMES_MIN = (5, 20, 40, 60, 120, 240, 480)
DOSE_MG, DURATION_MIN = 35.0, 40
SHARED = {
    "kamp2020": ("Klamp", (50.0, 70.0, 120.0), 40.0),
    "domino1984": ("Domino", (50.0, 70.0, 120.0), 40.0),
    "clements_nimmo1981": ("Clements250", (50.0, 70.0, 120.0), 40.0),
    "hijazi2003": ("Hijazi", (50.0, 70.0), 18.0),
    "herd_anderson2007": ("Herd", (15.0, 40.0), 10.0),
    "hornik2018": ("Hornik", (15.0, 40.0), 10.0),
}
"""Our model, its class there, weights, and an age that opentiva accepts (age enters none of these models)."""


def main() -> None:
    seconds = DURATION_MIN * 60
    infusion = np.array([[0.0, DOSE_MG / seconds, seconds, seconds]])
    rows: list[dict[str, Any]] = []
    for model_id, (name, weights, age) in SHARED.items():
        for weight_kg in weights:
            solver = PkPdModel(getattr(ketamine, name)(sex=0, age=age, weight=weight_kg, height=170.0))
            values = [solver.calculate_cp(infusion, minute * 60) for minute in TIMES_MIN]
            rows.append({"model": model_id, "there": name, "weight_kg": weight_kg, "mg_per_l": values})
    NUMBERS.parent.mkdir(parents=True, exist_ok=True)
    origin = "opentiva 1.1.2, PkPdModel.calculate_cp, recorded by benchmarks/opentiva_numbers.py"
    document = {"origin": origin, "dose_mg": DOSE_MG, "duration_min": DURATION_MIN, "t_min": TIMES_MIN, "rows": rows}
    NUMBERS.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
