"""Who did what and when, for every change; personal data in it can be destroyed."""
