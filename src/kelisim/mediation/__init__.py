"""Mediation from a dispute to a kept agreement; every private thing has a key of its own."""
