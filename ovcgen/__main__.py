"""`python -m ovcgen`."""

from ovcgen.cli import main

main()
