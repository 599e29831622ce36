"""Checks of a questionnaire before anybody answers it: logic, translations, clients."""
