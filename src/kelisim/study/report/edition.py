"""The whole report in one language, put together from its parts."""

from __future__ import annotations

from kelisim import __version__
from kelisim.study.model import LANGUAGES, PollResult
from kelisim.study.report.blocks import Edition, Words
from kelisim.study.report.desk import Desk, desk
from kelisim.study.report.disclosure import disclosure_section
from kelisim.study.report.indicator import indicator_section
from kelisim.study.report.method import apart_section, method_section
from kelisim.study.report.naming import spoken
from kelisim.study.report.opening import country_name, findings, opening
from kelisim.study.report.prose import prose
from kelisim.study.report.ranks import rank_section
from kelisim.study.report.scales import scales_section
from kelisim.study.report.selection import selection_section


def editions(result: PollResult) -> tuple[Edition, ...]:
    """Return the report in Kazakh, Russian and English."""
    return tuple(edition(desk(result, language)) for language in LANGUAGES)


def edition(desk: Desk) -> Edition:
    """Return the report in one language."""
    study = desk.result.study
    more = (rank_section(desk), scales_section(desk), selection_section(desk))
    return Edition(
        language=desk.language,
        title=prose(spoken(study.title, desk.language)),
        country=country_name(study.country, desk.language),
        words=_words(desk),
        opening=opening(desk),
        sections=(
            findings(desk),
            *(indicator_section(desk, facts, i) for i, facts in enumerate(desk.facts, start=1)),
            *(section for section in more if section),
            apart_section(desk),
            method_section(desk),
            disclosure_section(desk),
        ),
        mark=desk.mark,
    )


def _words(desk: Desk) -> Words:
    say = desk.words.text
    return Words(
        document=say("document"),
        language=say("language"),
        skip=say("skip"),
        contents=say("contents"),
        tables_in_files=say("tables_in_files"),
        undisplayed=say("undisplayed"),
        footer=desk.words.say("footer", version=__version__),
    )
