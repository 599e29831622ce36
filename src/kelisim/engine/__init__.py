"""Numbers. Arrays in, frozen results out: no files, network, clock or global random state."""
