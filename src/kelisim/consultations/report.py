"""The report of a consultation in three languages, as one page and for print."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kelisim import __version__
from kelisim.charts import Sheet, Table
from kelisim.charts.opinions import Dot, GroupPlace, MapWords, opinion_chart, opinion_table
from kelisim.charts.table import Cell, cell
from kelisim.consultations import queries
from kelisim.consultations.beside import share_numbers
from kelisim.consultations.models import Consultation, Owed, Standing
from kelisim.consultations.models.words import Said, reading
from kelisim.consultations.report_country import country_section
from kelisim.consultations.results import Ground, Group, Results, results
from kelisim.core.clock import SystemClock, in_kazakhstan
from kelisim.core.kazakh import LANGUAGES, date_range, date_text, number, percent
from kelisim.study.report.blocks import (
    Block,
    Edition,
    Figure,
    Heading,
    Paragraph,
    Points,
    Section,
    TableBlock,
    Terms,
    Words,
)
from kelisim.study.report.html import page
from kelisim.study.report.pdf import pdf_of_editions
from kelisim.study.report.prose import Prose, Span, prose


def report_html(consultation: Consultation) -> str:
    """Return the report as one self-contained page without a script, open in this language."""
    return page(editions(consultation), reading())


def report_pdf(consultation: Consultation) -> bytes:
    """Return the report as PDF, dated with the last day on which votes could change it."""
    now = SystemClock().now()
    day = in_kazakhstan(min(now, consultation.closes_at)).date()
    return pdf_of_editions(editions(consultation), author=consultation.organisation.name, day=day)


def editions(consultation: Consultation) -> tuple[Edition, ...]:
    """Return the report in Kazakh, Russian and English."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(_edition(consultation, language))
    return tuple(found)


def _span(words: Said, language: str) -> Span:
    return Span(words.text, "" if words.lang == language else words.lang, name=True)


def _cell(words: Said, language: str) -> str | Cell:
    return cell(words.text, "" if words.lang == language else words.lang)


def _edition(house: Consultation, language: str) -> Edition:
    found = results(house, {})
    sections = [] if found is None else list(_found(house, found, language))
    return Edition(
        language=language,
        title=(_span(house.question, language),),
        country=house.organisation.name,
        words=Words(
            document=_("Public consultation: report"),
            language=_("Language"),
            skip=_("Skip to the text"),
            contents=_("Contents"),
            tables_in_files="",
            undisplayed=_(
                "The sign □ stands for a character that the fonts of this document do not have; "
                "the page of the report shows it."
            ),
            footer=prose(_("Made by Kelisim %(version)s.") % {"version": __version__}),
        ),
        opening=_opening(house, found, language),
        sections=(
            *sections,
            _answers(house, language),
            _moderation(house, language),
            _method(language),
        ),
    )


def _opening(house: Consultation, found: Results | None, language: str) -> tuple[Block, ...]:
    days = (in_kazakhstan(house.opens_at).date(), in_kazakhstan(house.closes_at).date())
    rows: list[tuple[str, Prose]] = [
        (_("Asked by"), prose(house.organisation.name)),
        (_("When it is open"), prose(date_range(*days, language))),
    ]
    if house.why:
        rows.append((_("Why it is asked"), (_span(house.why, language),)))
    if house.decides:
        rows.append((_("What will be decided"), (_span(house.decides, language),)))
    if house.decided_on:
        rows.append((_("Day of the decision"), prose(date_text(house.decided_on, language))))
    if found is None:
        return (Terms(tuple(rows)), Paragraph(prose(_("Nobody has voted yet.")), "note"))
    rows += [
        (_("Participants"), prose(number(found.participants, language, 0))),
        (_("Votes"), prose(number(found.votes, language, 0))),
    ]
    return (Terms(tuple(rows)), _crowd(found))


def _crowd(found: Results) -> Paragraph:
    """Return the plain mark of how far those who came are from the country, or that it is open."""
    if found.crowd is not None:
        return Paragraph(prose(found.crowd.mark), "finding")
    open_still = _("These are the voices of those who came, not of the whole country.")
    return Paragraph(prose(f"{open_still} {found.no_country}"), "note")


def _found(house: Consultation, found: Results, language: str) -> Iterable[Section]:
    yield Section(f"{language}-ground", prose(_("What we agree on")), _shared(found, language))
    if found.crowd is not None:
        yield country_section(found.crowd, found.country, language)
    yield Section(f"{language}-groups", prose(_("Opinion groups")), _groups(found, language))
    yield Section(
        f"{language}-map", prose(_("Opinion map")), (_map(house, found.groups, language),)
    )
    table = TableBlock(_statements(found.every, language))
    yield Section(f"{language}-all", prose(_("Every statement")), (table,))


def _shared(found: Results, language: str) -> tuple[Block, ...]:
    if not found.shared:
        return (
            Paragraph(
                prose(
                    _(
                        "Nothing is known yet that all would agree on, the most sceptical "
                        "included. It becomes clear as more people vote."
                    )
                )
            ),
        )
    points = tuple(
        (_span(one.words, language), Span(" "), Span(one.sentence), *_beside(one))
        for one in found.shared
    )
    alarm = _(
        "Some accounts vote as one. Together they count as one voice here; nothing was deleted."
    )
    noted = (Paragraph(prose(alarm), "note"),) if found.alarm else ()
    return (Points(points), *noted)


def _beside(one: Ground) -> Prose:
    return (Span(" "), Span(one.beside.sentence)) if one.beside else ()


def _groups(found: Results, language: str) -> tuple[Block, ...]:
    if not found.groups:
        return (Paragraph(prose(found.reason)),)
    blocks: list[Block] = []
    for group in found.groups:
        blocks += [
            Heading(prose(f"{group.title}: {group.size}")),
            *([Paragraph(prose(group.beside.of_group))] if group.beside else []),
            Points(
                tuple(
                    (_span(words, language), Span(f" ({_side(vote, inside, elsewhere)})"))
                    for words, vote, inside, elsewhere in group.told_by
                )
            ),
        ]
    return tuple(blocks)


def _side(vote: int, inside: str, elsewhere: str) -> str:
    shares = {"inside": inside, "elsewhere": elsewhere}
    if vote > 0:
        return _("%(inside)s agree here, %(elsewhere)s elsewhere") % shares
    return _("%(inside)s disagree here, %(elsewhere)s elsewhere") % shares


def _map(house: Consultation, groups: list[Group], language: str) -> Figure:
    picture = Standing.objects.values_list("picture", flat=True).get(pk=house.pk)
    words = MapWords(
        _("Opinion map"),
        _(
            "Each dot is a participant, a larger dot several. People who vote alike stand close "
            "together. The list below says the same in words."
        ),
        _("Opinion group"),
        _("Participants"),
        _("Share"),
        _("Between groups"),
    )
    centres = {int(at): (x, y) for at, (x, y) in picture["centres"].items()}
    places = [
        GroupPlace(group.letter, *centres[at], group.people, group.share)
        for at, group in enumerate(groups)
        if at in centres
    ]
    dots = [Dot(x, y, group, people) for x, y, group, people in picture["discs"]]
    between = picture["participants"] - sum(group.people for group in groups)
    rest = max(1 - sum(group.share for group in groups), 0.0)
    numbers = share_numbers(language)
    return Figure(
        f"{language}-opinions",
        words.title,
        words.description,
        partial(_drawn, dots, places, words),
        opinion_table(places, (between, rest), words, numbers),
        _("The same as a table"),
    )


def _drawn(dots: list[Dot], places: list[GroupPlace], words: MapWords, sheet: Sheet) -> str:
    return opinion_chart(dots, places, words, sheet)


def _statements(every: list[Ground], language: str) -> Table:
    rows = tuple(
        (
            _cell(one.words, language),
            number(one.agree, language, 0),
            number(one.disagree, language, 0),
            number(one.passed, language, 0),
            f"{percent(one.score, language, 0)} "
            f"({percent(one.low, language, 0)}–{percent(one.high, language, 0)})",
        )
        for one in every
    )
    head = (_("Statement"), _("Agree"), _("Disagree"), _("Pass"), _("Common ground"))
    caption = _("Votes, and how widely each statement is shared, with its interval")
    return Table(caption, head, rows, (False, True, True, True, True))


def _answers(house: Consultation, language: str) -> Section:
    told = queries.answers(house.owed.all(), SystemClock().now())
    blocks: list[Block] = [
        Paragraph(prose(_counter(told)), "finding")
        if told.rows
        else Paragraph(prose(_("No answer is owed yet.")))
    ]
    for one in (*told.overdue, *told.given, *told.waiting):
        rows = _answer(one, language, is_overdue=one.is_overdue(told.today))
        blocks += [Heading((_span(one.statement.words, language),)), Terms(rows)]
    return Section(f"{language}-answers", prose(_("Official answers")), tuple(blocks))


def _counter(told: queries.Answers) -> str:
    """Return how many answers came on time and how many are overdue, as the page says it."""
    if not told.due:
        return _("none of the answers is due yet")
    paid = _("%(paid)s of %(due)s answers that were due came on time") % {
        "paid": told.on_time,
        "due": told.due,
    }
    late = len(told.overdue)
    if not late:
        return paid
    overdue = ngettext("%(late)s is overdue", "%(late)s are overdue", late) % {"late": late}
    return f"{paid} · {overdue}"


def _answer(one: Owed, language: str, *, is_overdue: bool) -> tuple[tuple[str, Prose], ...]:
    """Return what is owed as terms, with the reasons and what was changed once it is paid."""
    said = _("none yet, and it is overdue") if is_overdue else _("none yet")
    if one.answered_on:
        said = f"{one.get_verdict_display()}, {date_text(one.answered_on, language)}"
        late = _("after its day")
        said += "" if one.is_on_time else f", {late}"
    rows: list[tuple[str, Prose]] = [
        (_("Office that answers"), prose(one.office.name)),
        (_("Answer due by"), prose(date_text(one.due_on, language))),
        (_("Answer"), prose(said)),
    ]
    if one.because:
        rows.append((_("Because"), (_span(one.because, language),)))
    for name, text in ((_("before"), one.before), (_("after"), one.after)):
        if text is not None:
            clause = _("clause %(number)s") % {"number": text.clause.number}
            term = f"{clause[:1].upper()}{clause[1:]}, {name}"
            rows.append((term, (_span(text.text, language),)))
    return tuple(rows)


def _moderation(house: Consultation, language: str) -> Section:
    told = queries.moderation(house)
    rows = [
        (_("Statements that participants added"), told.added),
        (_("Waiting for a moderator"), told.waiting),
        *((f"{_('Not accepted')}: {reason}", count) for reason, count in told.rejected),
        (_("Appeals of authors"), told.appealed),
        (_("Appeals that changed the decision"), told.upheld),
    ]
    terms = Terms(tuple((term, prose(number(count, language, 0))) for term, count in rows))
    title = prose(_("How statements are moderated"))
    return Section(f"{language}-moderation", title, (terms,))


def _method(language: str) -> Section:
    said = (
        _(
            "Positions, groups and common ground come from the ideal-point model of votes, with "
            "passing as an outcome of its own. Common ground is the agreement of those who agree "
            "least: the lower of what nine tenths of the participants exceed and of the least "
            "agreeing group above a twentieth. Its interval is of 90 %."
        ),
        _(
            "Groups are shown only if they stay the same when a tenth of the votes is left out. "
            "Accounts that vote as one count as one voice together; nothing is deleted."
        ),
        _(
            "The votes are open data; anybody can compute these results again with the command "
            "kelisim consultation map."
        ),
    )
    blocks = tuple(Paragraph(prose(one)) for one in said)
    return Section(f"{language}-method", prose(_("How this was computed")), blocks)
