"""What is done in mediation, a file a verb; the audit log says who and when, never what."""
