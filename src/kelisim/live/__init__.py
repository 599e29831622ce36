"""Event streams: one open connection a page, and a bell when something changed."""
