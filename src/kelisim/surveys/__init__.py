"""Surveys: what is asked, of whom, in which words; and what came back."""
