"""What is done in the field, a file a verb."""
