"""What is done to surveys, a file a verb."""
