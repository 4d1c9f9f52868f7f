"""`reprieve simulate`: concentrations of ketamine after a regimen, for a typical person or a virtual population."""

from pathlib import Path
from typing import Annotated

import typer

Number = str | None
Drug = Annotated[str, typer.Option("--drug", help="racemic_ketamine or esketamine")]
Route = Annotated[str, typer.Option("--route", help="iv, im, sc, in (nose), sl (held in the mouth) or po")]
Weight = Annotated[str, typer.Option("--weight-kg", metavar="KG", help="Actual weight")]
At = Annotated[str, typer.Option("--at", metavar="MINUTES", help="Minutes since the start, such as 40,80,110")]
DoseMg = Annotated[Number, typer.Option("--dose-mg", metavar="MG", help="Dose of the base of the drug as labelled")]
DoseMgPerKg = Annotated[Number, typer.Option("--dose-mg-per-kg", metavar="MG/KG", help="The same per kg")]
Duration = Annotated[Number, typer.Option("--duration-min", metavar="MIN", help="Length of the infusion; none: a push")]
Steps = Annotated[Path | None, typer.Option("--steps", help="CSV of start_min,rate_mg_per_h: rate changes")]
Devices = Annotated[Number, typer.Option("--devices", metavar="N", help="Nasal devices (esketamine: 28 mg each)")]
Gap = Annotated[str, typer.Option("--device-gap-min", metavar="MIN", help="Minutes from device to device")]
Hold = Annotated[Number, typer.Option("--hold-min", metavar="MIN", help="How long a lozenge or film is held")]
SpatOut = Annotated[bool, typer.Option("--spat-out", help="The rest of the lozenge is spat out, not swallowed")]
Age = Annotated[Number, typer.Option("--age-y", metavar="YEARS", help="Unknown when left out, and said so")]
Sex = Annotated[str | None, typer.Option("--sex", help="female or male")]
Race = Annotated[str | None, typer.Option("--race", help="asian, japanese or other")]
Fed = Annotated[bool | None, typer.Option("--fed/--fasted", help="Before an oral dose")]
With = Annotated[
    list[str] | None, typer.Option("--with", metavar="MEDICINE", help="Another medicine that changes exposure; repeat")
]
ChildPugh = Annotated[str | None, typer.Option("--child-pugh", help="Liver disease: A, B or C")]
AgeLiverFlow = Annotated[bool, typer.Option("--age-liver-flow", help="By vein: liver flow falls above 60 years")]
Model = Annotated[str | None, typer.Option("--model", help="Key of a model; the recommended one when left out")]
Site = Annotated[str | None, typer.Option("--site", help="arterial or venous; all that the model has when left out")]
Subjects = Annotated[Number, typer.Option("--subjects", metavar="N", help="Virtual people for the band; 1e6 is fine")]
Seed = Annotated[str, typer.Option("--seed", metavar="S", help="The same seed gives the same people")]
Interval = Annotated[str, typer.Option("--interval", metavar="SHARE", help="Middle share of people inside the band")]
Residual = Annotated[str | None, typer.Option("--residual", help="Band of readings: research or clinical assay")]
Engine = Annotated[str, typer.Option("--engine", help="local or spark")]
Effects = Annotated[bool, typer.Option("--effects", help="Add effects, each with how well it is known")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write the rows here")]
Parquet = Annotated[Path | None, typer.Option("--parquet", help="Write the rows here")]
AsJson = Annotated[bool, typer.Option("--json", help="The whole answer as JSON")]


def register(app: typer.Typer) -> None:
    app.command("simulate")(simulate)


def simulate(
    *,
    drug: Drug,
    route: Route,
    weight_kg: Weight,
    at: At,
    dose_mg: DoseMg = None,
    dose_mg_per_kg: DoseMgPerKg = None,
    duration_min: Duration = None,
    steps: Steps = None,
    devices: Devices = None,
    device_gap_min: Gap = "5",
    hold_min: Hold = None,
    spat_out: SpatOut = False,
    age_y: Age = None,
    sex: Sex = None,
    race: Race = None,
    fed: Fed = None,
    others: With = None,
    child_pugh: ChildPugh = None,
    age_liver_flow: AgeLiverFlow = False,
    model: Model = None,
    site: Site = None,
    subjects: Subjects = None,
    seed: Seed = "1",
    interval: Interval = "0.9",
    residual: Residual = None,
    engine: Engine = "local",
    effects: Effects = False,
    csv: Csv = None,
    parquet: Parquet = None,
    as_json: AsJson = False,
) -> None:
    """Concentrations of ketamine after a regimen: typical person, and with --subjects the band between people.

    For planning and teaching; it orders nothing.
    """
    typed = locals()
    from reprieve.cli.simulate.asked import options_of, read_question, read_trial
    from reprieve.cli.simulate.run import answer, show

    options = options_of(typed)
    question = read_question(options)
    found = answer(question, read_trial(options, question), with_effects=effects)
    show(found, csv=csv, parquet=parquet, as_json=as_json)
