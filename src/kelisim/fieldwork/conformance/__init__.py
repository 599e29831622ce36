"""A black-box check of an OpenRosa server, with nothing but Python's standard library.

``python -m kelisim.fieldwork.conformance http://127.0.0.1:8000/openrosa/TOKEN`` speaks to a server
as a client does and says, check by check, where it does what the OpenRosa documents ask for. It
sends a few dozen interviews: point it at a survey that is there to be tried.
"""
