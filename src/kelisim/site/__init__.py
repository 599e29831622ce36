"""The site: settings from the environment, addresses, and the two doors into one port."""
