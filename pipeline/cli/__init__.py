"""The command line: the only clock, terminal and exit code."""

from pipeline.cli.main import main as main
