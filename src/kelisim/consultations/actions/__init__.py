"""What is done in a consultation, a file a verb."""
