"""The questionnaire after a mediation: four questions in three languages, as an XLSForm.

What the questions ask about (procedure, mediator, outcome, whether one would come again) are the
four parts that court studies of mediation ask about; the wording is our own, and nothing is asked
that could tell who answers: no age, no words of one's own.
"""

from __future__ import annotations

from pathlib import Path

from kelisim.study.workbook import write_workbook

FORM = "mediation-feedback"
LANGUAGES = ("Қазақша (kk)", "Русский (ru)", "English (en)")
TITLES = {
    "kk": "Медиация қалай өтті",
    "ru": "Как прошла медиация",
    "en": "How the mediation went",
}

ITEMS: dict[str, tuple[str, str, str]] = {
    "fair": (
        "Медиация барысында маған әділ қарады.",
        "В ходе медиации ко мне относились справедливо.",
        "I was treated fairly during the mediation.",
    ),
    "mediator": (
        "Медиатор екі тарапқа да бірдей қарады.",
        "Медиатор одинаково относился к обеим сторонам.",
        "The mediator treated both sides alike.",
    ),
    "outcome": (
        "Медиацияның нәтижесі мені қанағаттандырады.",
        "Результат медиации меня устраивает.",
        "I am content with how it ended.",
    ),
    "again": (
        "Қажет болса, медиацияға тағы да жүгінер едім.",
        "При необходимости снова обращусь к медиации.",
        "I would turn to mediation again if I had to.",
    ),
}

ANSWERS: dict[str, tuple[str, str, str]] = {
    "agree": ("Келісемін", "Да", "Agree"),
    "rather": ("Көбіне келісемін", "Скорее да", "Rather agree"),
    "rather_not": ("Көбіне келіспеймін", "Скорее нет", "Rather disagree"),
    "disagree": ("Келіспеймін", "Нет", "Disagree"),
    "skip": ("Айтқым келмейді", "Не хочу отвечать", "I would rather not say"),
}
YES, NO = ("agree", "rather"), ("rather_not", "disagree")

WELCOME = (
    "Төрт сұрақ. Жауаптарыңыз есіміңізбен де, ісіңізбен де байланыстырылмайды: олардан тек санақ "
    "жасалады, оны да кемінде он адам жауап бергенде ғана көрсетеміз.",
    "Четыре вопроса. Ответы не связаны ни с вашим именем, ни с делом: по ним ведётся только "
    "подсчёт, и он показывается, лишь когда ответили не менее десяти человек.",
    "Four questions. Your answers are joined neither to your name nor to your case: they are "
    "counted, and a count is shown only when at least ten people have answered.",
)


def write_questionnaire(file: Path) -> None:
    """Write the workbook."""
    labels = tuple(f"label::{language}" for language in LANGUAGES)
    title = " / ".join(TITLES.values())
    write_workbook(
        file,
        {
            "survey": [
                ("type", "name", *labels, "required"),
                ("note", "welcome", *WELCOME, ""),
                *(("select_one degree", name, *words, "yes") for name, words in ITEMS.items()),
            ],
            "choices": [
                ("list_name", "name", *labels),
                *(("degree", name, *words) for name, words in ANSWERS.items()),
            ],
            "settings": [
                ("form_title", "form_id", "version", "default_language"),
                (title, FORM, "1", LANGUAGES[0]),
            ],
        },
    )
