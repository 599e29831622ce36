"""XForms: read, computed and checked by a machine of our own, without Django."""
