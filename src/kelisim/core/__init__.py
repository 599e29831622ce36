"""Words everything else is written in: errors, regions, Kazakh, time, chance, canonical text."""
