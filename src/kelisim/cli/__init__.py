"""The command line: ``kelisim <noun> <verb>``."""
