"""Define the subcommands of `ovcgen`. A module is imported only when one of its commands runs."""
