"""What is done to studies, a file a verb."""
