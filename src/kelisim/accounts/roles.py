"""The roles people hold in an organisation, and what each may do.

A permission is a verb on a kind of thing. Gatekeepers (`access.py` of each app) ask for a
permission and for the organisation that owns the row; nothing else decides.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in an organisation."""

    ADMINISTRATOR = "administrator", _("Administrator")
    RESEARCHER = "researcher", _("Researcher")
    SUPERVISOR = "supervisor", _("Field supervisor")
    INTERVIEWER = "interviewer", _("Interviewer")
    CUSTOMER = "customer", _("Customer")
    AUDITOR = "auditor", _("Auditor")
    MEDIATOR = "mediator", _("Mediator")
    MODERATOR = "moderator", _("Moderator")
    CITIZEN = "citizen", _("Citizen")


class Permission(models.TextChoices):
    """What may be done to what an organisation owns."""

    MANAGE_PEOPLE = "manage-people"
    READ_AUDIT_LOG = "read-audit-log"
    EDIT_SURVEYS = "edit-surveys"
    READ_SURVEYS = "read-surveys"
    RUN_FIELDWORK = "run-fieldwork"
    INTERVIEW = "interview"
    READ_RESULTS = "read-results"
    MODERATE = "moderate"
    MEDIATE = "mediate"
    RUN_CONSULTATIONS = "run-consultations"
    ENTER_VOTES = "enter-votes"
    ANSWER_PUBLICLY = "answer-publicly"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {Permission.MANAGE_PEOPLE, Permission.READ_AUDIT_LOG, Permission.READ_SURVEYS}
    ),
    Role.RESEARCHER: frozenset(
        {
            Permission.EDIT_SURVEYS,
            Permission.READ_SURVEYS,
            Permission.RUN_FIELDWORK,
            Permission.READ_RESULTS,
            Permission.RUN_CONSULTATIONS,
            Permission.ENTER_VOTES,
        }
    ),
    Role.SUPERVISOR: frozenset({Permission.READ_SURVEYS, Permission.RUN_FIELDWORK}),
    Role.INTERVIEWER: frozenset({Permission.INTERVIEW, Permission.ENTER_VOTES}),
    Role.CUSTOMER: frozenset({Permission.READ_RESULTS, Permission.ANSWER_PUBLICLY}),
    Role.AUDITOR: frozenset(
        {Permission.READ_AUDIT_LOG, Permission.READ_SURVEYS, Permission.READ_RESULTS}
    ),
    Role.MEDIATOR: frozenset({Permission.MEDIATE}),
    Role.MODERATOR: frozenset({Permission.MODERATE}),
    Role.CITIZEN: frozenset(),
}
