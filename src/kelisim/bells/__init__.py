"""Bells: a number a channel, so that an open page knows when to look again."""
