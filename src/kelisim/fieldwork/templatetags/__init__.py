"""Words of the templates of fieldwork."""
