"""Papers on paper: settlements as PDF/A and DOCX, letters with a QR code, seals and signatures."""
