"""The report of a poll in Kazakh, Russian and English: one HTML file, one PDF."""

from kelisim.study.report.html import write_html
from kelisim.study.report.pdf import write_pdf

__all__ = ["write_html", "write_pdf"]
