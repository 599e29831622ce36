"""Background work behind the django.tasks interface, kept in the database itself."""
