"""Consultations: a question with its draft, what people say, what they share, what is answered."""
