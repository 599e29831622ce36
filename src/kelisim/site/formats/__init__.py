"""How Django reads and writes dates and numbers in each language."""
