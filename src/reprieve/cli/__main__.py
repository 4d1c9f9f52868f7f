"""`python -m reprieve.cli` is `reprieve`."""

from reprieve.cli.main import run

run()
