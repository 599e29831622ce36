"""Who can read what: keys of people, of compartments and of rounds. Pure functions, no tables."""
