"""What the demo country is built on: the few published facts, and everything that is made up.

Sizes of the regions are in `kelisim.core.regions`. The names that begin with ``SIMULATED`` are no
facts: they were chosen so that the country has a plausible shape, and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping

PUBLISHED_POPULATION = 20_495_975
"""People of all ages on 1 January 2026: Bureau of National Statistics, reported by qazinform."""

PUBLISHED_URBAN = 13_029_803
"""Of them in cities and towns, same source; the rest, 7,466,172, live in villages."""

PUBLISHED_GROUPS: Mapping[str, float] = {"kazakh": 0.706, "russian": 0.151, "other": 0.143}
"""Ethnic groups, 2023: same Bureau, reported by fergana.news; "other" holds all the rest."""

GROUPS = tuple(PUBLISHED_GROUPS)
SETTLEMENTS = ("urban", "rural")
SEXES = ("female", "male")
AGES = ("18-29", "30-44", "45-59", "60+")

SIMULATED_ADULTS = 0.66
"""Share of people aged 18 and over, the same in every region."""

SIMULATED_AGES: Mapping[str, tuple[float, float]] = {
    "18-29": (0.24, 0.49),
    "30-44": (0.34, 0.51),
    "45-59": (0.24, 0.53),
    "60+": (0.18, 0.60),
}
"""Share of adults in an age group, and of women in it: one smooth shape for the whole country."""

SIMULATED_URBAN: Mapping[str, float] = {
    "KZ-10": 0.61,
    "KZ-11": 0.48,
    "KZ-15": 0.74,
    "KZ-19": 0.18,
    "KZ-23": 0.55,
    "KZ-27": 0.55,
    "KZ-31": 0.43,
    "KZ-33": 0.44,
    "KZ-35": 0.80,
    "KZ-39": 0.62,
    "KZ-43": 0.47,
    "KZ-47": 0.45,
    "KZ-55": 0.70,
    "KZ-59": 0.48,
    "KZ-61": 0.25,
    "KZ-62": 0.79,
    "KZ-63": 0.65,
}
"""Urban share of each oblast before it is scaled to the published urban total."""

SIMULATED_GROUPS: Mapping[str, tuple[float, float, float]] = {
    "KZ-10": (0.79, 0.17, 0.04),
    "KZ-11": (0.52, 0.32, 0.16),
    "KZ-15": (0.84, 0.11, 0.05),
    "KZ-19": (0.73, 0.10, 0.17),
    "KZ-23": (0.94, 0.04, 0.02),
    "KZ-27": (0.78, 0.17, 0.05),
    "KZ-31": (0.73, 0.09, 0.18),
    "KZ-33": (0.76, 0.12, 0.12),
    "KZ-35": (0.54, 0.33, 0.13),
    "KZ-39": (0.37, 0.45, 0.18),
    "KZ-43": (0.97, 0.02, 0.01),
    "KZ-47": (0.92, 0.04, 0.04),
    "KZ-55": (0.54, 0.33, 0.13),
    "KZ-59": (0.35, 0.50, 0.15),
    "KZ-61": (0.75, 0.015, 0.235),
    "KZ-62": (0.81, 0.14, 0.05),
    "KZ-63": (0.60, 0.36, 0.04),
    "KZ-71": (0.80, 0.12, 0.08),
    "KZ-75": (0.63, 0.20, 0.17),
    "KZ-79": (0.68, 0.08, 0.24),
}
"""Kazakh, Russian and other in each region, before fitting to the published national shares.

They keep what is published of the regions: over 90 % Kazakh in Kyzylorda, Atyrau and Mangystau;
more Russians than Kazakhs in Kostanay and North Kazakhstan; 378 thousand Uzbeks in Turkistan;
428 thousand Russians in Almaty; 120 thousand Uyghurs in Almaty Region; 86 thousand Ukrainians in
Kostanay (bizmedia 2024, fergana.news 2023, census of 2021).
"""

SIMULATED_SETTLEMENT_SIZE: Mapping[str, int] = {"urban": 9_000, "rural": 3_000}
"""Adults in a settlement (a district of a city, a town, a group of villages), on average."""
