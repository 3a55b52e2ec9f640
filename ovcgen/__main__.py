"""Run the command line with `python -m ovcgen`."""

from ovcgen.cli import main

main()
