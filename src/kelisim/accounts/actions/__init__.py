"""What is done to people and organisations, a file a verb."""
