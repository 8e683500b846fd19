"""`python -m rosace.cli`: the same command where no script is installed."""

from rosace.cli.main import main

main()
