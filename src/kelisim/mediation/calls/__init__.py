"""Calls: what a room needs to be seen and heard in, by a Janus of our own; nothing is recorded."""
