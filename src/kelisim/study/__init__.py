"""A study folder on disk becomes a release folder on disk: read, check, run, report."""
