"""Pages of consultations: taking part, reading, running, moderating, answering, framing."""
