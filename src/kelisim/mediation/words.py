"""The closed lists of mediation: what a case is about, who sits in it, what rooms it has."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a dispute is about; the word that statistics count by."""

    FAMILY = "family", _("Family")
    LABOUR = "labour", _("Work")
    NEIGHBOURS = "neighbours", _("Neighbours")
    HOUSING = "housing", _("Housing")
    LAND = "land", _("Land and water")
    INHERITANCE = "inheritance", _("Inheritance")
    CONSUMER = "consumer", _("Goods and services")
    BUSINESS = "business", _("Business")
    COMMUNITY = "community", _("Between communities")
    SCHOOL = "school", _("School")
    OFFICE = "office", _("With a public office")


class Part(models.TextChoices):
    """What a person is in a case."""

    PARTY = "party", _("party")
    MEDIATOR = "mediator", _("mediator")
    INTERPRETER = "interpreter", _("interpreter")
    HELPER = "helper", _("helper")
    REGISTRAR = "registrar", _("registrar")


class Side(models.TextChoices):
    """The two sides of a dispute, in the order in which they came."""

    A = "a", _("first side")
    B = "b", _("second side")


class Room(models.TextChoices):
    """The compartments of a case."""

    APPLICATION = "application", _("Application")
    SCREENING = "screening", _("Safety questions")
    JOINT = "joint", _("Joint room")
    CAUCUS = "caucus", _("Caucus")
    NOTES = "notes", _("Mediator’s notes")
    PREFERENCES = "preferences", _("Preferences")
    SETTLEMENT = "settlement", _("Settlement")


class Kind(models.TextChoices):
    """What a writing is."""

    MESSAGE = "message"
    FILE = "file"
    SUBJECT = "subject"
    ANSWERS = "answers"
    ISSUE = "issue"
    CLAUSE = "clause"
    POINTS = "points"
    SUGGESTION = "suggestion"
    AGREEMENT = "agreement"
    TEXT = "text"
    PROMISE = "promise"
    DECLARATION = "declaration"
    FEEDBACK = "feedback"
    OFFER = "offer"


WRITINGS = {
    Kind.MESSAGE: _("a message"),
    Kind.FILE: _("a file"),
    Kind.SUBJECT: _("what the dispute is about"),
    Kind.ANSWERS: _("answers to the safety questions"),
    Kind.ISSUE: _("an issue"),
    Kind.CLAUSE: _("a clause of the text"),
    Kind.POINTS: _("numbers for a round"),
    Kind.SUGGESTION: _("what came of a round"),
    Kind.AGREEMENT: _("an agreement"),
    Kind.TEXT: _("the text to be signed"),
    Kind.PROMISE: _("a promise"),
    Kind.DECLARATION: _("a declaration on conflicts of interest"),
    Kind.FEEDBACK: _("feedback"),
    Kind.OFFER: _("an offer"),
}
"""What a writing is, in the words of the log."""


class Channel(models.TextChoices):
    """How the other side is asked to come."""

    LINK = "link", _("A link")
    SMS = "sms", _("A text message")
    LETTER = "letter", _("A printed letter")
    PHONE = "phone", _("A telephone call")
    DESK = "desk", _("At the desk, with help")


class MediatorKind(models.TextChoices):
    """What the register knows a mediator as."""

    PROFESSIONAL = "professional", _("Professional mediator")
    PUBLIC = "public", _("Public mediator")
    ETHNO = "ethno", _("Ethnomediator")


class SignedBy(models.TextChoices):
    """How a name was put under a text."""

    HERE = "here", _("Confirmed here, with the passphrase")
    PADES = "pades", _("Digital signature inside the PDF")
    CMS = "cms", _("Digital signature (NCALayer)")
    PAPER = "paper", _("By hand, on paper")


class Purpose(models.TextChoices):
    """What a round of sealed numbers is for."""

    SUGGESTION = "suggestion", _("Suggestions")
    BIDS = "bids", _("Blind bidding")
