"""Who may call which route of consultations."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from django.urls import reverse

from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission, Role
from kelisim.consultations import tokens
from kelisim.consultations.actions.add_statement import propose
from kelisim.consultations.actions.appeal import appeal
from kelisim.consultations.actions.join import voice
from kelisim.consultations.actions.moderate import reject
from kelisim.consultations.actions.owe import owe
from kelisim.consultations.models import Consultation, Entry, Reason, Statement
from tests.consultations.making import QUESTION, asked
from tests.house.inventory import SOURCE
from tests.web import PUBLIC, SIGNED_IN, Cast, Rule

FILES = frozenset({"CSV", "Parquet", "Polis"})
SITE = frozenset({"https", "akimat", "example"})
FRAME = SITE | frozenset(
    {
        "iframe",
        "src",
        "width",
        "height",
        "title",
        "http",
        "testserver",
        "consultations",
        "traffic",
        "embed",
    }
)


def english() -> frozenset[str]:
    """Return the words of the English edition, which stands in the report beside the others."""
    path = SOURCE / "consultations" / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    said = re.findall(r'^msgid "(.*)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    words = {word for line in (*said, *QUESTION.values()) for word in re.findall("[A-Za-z]+", line)}
    return frozenset(words | set(calendar.month_name))


def made(scene: Cast, **options: object) -> Consultation:
    return asked(scene.house, scene.of(Role.RESEARCHER), statements=2, **options)  # type: ignore[arg-type]


def at(route: str, *more: object, **options: object) -> Callable[[Cast], str]:
    """Return a maker of the address of a route of a consultation."""
    return lambda scene: reverse(route, args=[made(scene, **options).slug, *more])


def proposed(house: Consultation, scene: Cast) -> Statement:
    author, _new = voice(house, tokens.fresh(), "ru")
    return propose(house, author, "Нужны тихие улицы", "ru")


def queued(route: str) -> Callable[[Cast], str]:
    def address(scene: Cast) -> str:
        house = made(scene)
        return reverse(route, args=[house.slug, proposed(house, scene).number])

    return address


def appealed(scene: Cast) -> str:
    house = made(scene)
    statement = proposed(house, scene)
    # Decided by nobody who plays a part here: each of the cast may then be the second judge.
    reject(statement, Reason.UNCLEAR, by=User.objects.create_user("first@example.kz"))
    return reverse("judge-appeal", args=[house.slug, appeal(statement, "Почему?").pk])


def owed(scene: Cast) -> str:
    house = made(scene)
    due = date.today() + timedelta(days=9)  # noqa: DTZ011  (a day to come, whichever)
    rows = owe(house, house.statements.all()[:1], scene.house, due, by=scene.of(Role.RESEARCHER))
    return reverse("owed-answer", args=[rows[0].pk])


def shared(scene: Cast) -> str:
    house = made(scene)
    return reverse("consultation-shared", args=[house.slug, house.reading_key])


def answers_somewhere(_scene: Cast, person: User | None) -> bool:
    return person is not None and person.email.startswith(Role.CUSTOMER.value)


def works_there(scene: Cast, person: User | None) -> bool:
    roles = (Role.RESEARCHER, Role.MODERATOR, Role.INTERVIEWER)
    return person in [scene.of(role) for role in roles]


RUN, MODERATE = Permission.RUN_CONSULTATIONS, Permission.MODERATE
RULES = {
    "consultations": Rule(PUBLIC, lambda _scene: reverse("consultations")),
    "consultation": Rule(PUBLIC, at("consultation"), names=FILES),
    "consultation-vote": Rule(
        PUBLIC,
        at("consultation-vote"),
        method="post",
        data={"statement": 1, "vote": 1},
        allowed=302,
    ),
    "consultation-results": Rule(PUBLIC, at("consultation-results")),
    "consultation-join": Rule(PUBLIC, at("consultation-join", entry=Entry.CODE)),
    "add-statement": Rule(PUBLIC, at("add-statement")),
    "appeal-statement": Rule(PUBLIC, at("appeal-statement", 1), method="post", allowed=404),
    "consultation-about": Rule(PUBLIC, at("consultation-about"), allowed=302),
    "set-population": Rule(RUN, at("set-population"), method="post", allowed=422),
    "follow-consultation": Rule(SIGNED_IN, at("follow-consultation"), method="post", allowed=302),
    "consultation-answers": Rule(PUBLIC, at("consultation-answers")),
    "consultation-moderation": Rule(PUBLIC, at("consultation-moderation")),
    "consultation-shared": Rule(PUBLIC, shared),
    "consultation-data": Rule(PUBLIC, at("consultation-data", "votes.csv")),
    "consultation-report": Rule(PUBLIC, at("consultation-report"), names=english()),
    "consultation-print": Rule(PUBLIC, at("consultation-print")),
    "consultation-embed": Rule(PUBLIC, at("consultation-embed")),
    "consultation-embed-vote": Rule(
        PUBLIC, at("consultation-embed-vote"), method="post", data={"statement": 1, "vote": 1}
    ),
    "consultations-of": Rule(
        works_there, lambda _scene: reverse("consultations-of", args=["house"]), names=SITE
    ),
    "run-consultation": Rule(RUN, at("run-consultation"), names=FRAME),
    "add-draft": Rule(
        RUN,
        at("add-draft"),
        method="post",
        data={"draft-kind": "law", "draft-kk": "Ж"},
        allowed=302,
    ),
    "write-clause": Rule(RUN, at("write-clause"), method="post", allowed=422),
    "seed-statement": Rule(
        RUN, at("seed-statement"), method="post", data={"statement-kk": "Жол керек"}, allowed=302
    ),
    "make-codes": Rule(RUN, at("make-codes"), method="post", data={"codes-count": 2}),
    "name-group": Rule(RUN, at("name-group", "A"), method="post", allowed=422),
    "owe-answers": Rule(RUN, at("owe-answers"), method="post", allowed=422),
    "consultation-entry": Rule(Permission.ENTER_VOTES, at("consultation-entry")),
    "consultation-queue": Rule(MODERATE, at("consultation-queue")),
    "decide-statement": Rule(MODERATE, queued("decide-statement"), method="post", allowed=302),
    "word-statement": Rule(MODERATE, queued("word-statement"), method="post", allowed=302),
    "judge-appeal": Rule(MODERATE, appealed, method="post", data={"upheld": "yes"}, allowed=302),
    "owed-answers": Rule(answers_somewhere, lambda _scene: reverse("owed-answers")),
    "owed-answer": Rule(Permission.ANSWER_PUBLICLY, owed),
    "api-1:consultations": Rule(PUBLIC, lambda _scene: "/api/consultations"),
    "api-1:consultation-statements": Rule(
        PUBLIC, lambda scene: f"/api/consultations/{made(scene).slug}/statements"
    ),
    "api-1:consultation-results": Rule(
        PUBLIC, lambda scene: f"/api/consultations/{made(scene).slug}/results"
    ),
    "api-1:consultation-answers": Rule(
        PUBLIC, lambda scene: f"/api/consultations/{made(scene).slug}/answers"
    ),
}
