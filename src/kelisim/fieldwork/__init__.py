"""Fieldwork: who interviews whom, what came in from the field, and how far the sample is."""
