"""XPath 1.0 with the functions of ODK: text, syntax, functions, values and their laws."""
