"""Put a name under a paper: under the digest that the signer saw, and under nothing else."""

from __future__ import annotations

import base64

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, named, record
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.make_keys import locked_of
from kelisim.mediation.actions.make_promises import make_promises
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.credentials import is_entitled
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.compartment import opened, sealed
from kelisim.mediation.keys.errors import WrongSecret
from kelisim.mediation.keys.person import unlocked
from kelisim.mediation.models import Case, Paper, Seat, Signature
from kelisim.mediation.queries import sitting
from kelisim.mediation.words import Kind, Part, SignedBy

SYSTEM = SystemClock()
SIGNED = declare(
    "mediation.sign",
    _("%(actor)s signed a paper (%(by)s)."),
    facts=("by", "digest"),
    reads={"by": named(SignedBy.choices)},
)


def check_passphrase(seat: Seat, passphrase: str) -> None:
    """Make sure that it is the signer who is there, and not somebody at an open page.

    Raises
    ------
    StepRefused
        The passphrase is another one.
    """
    try:
        unlocked(locked_of(seat.person.key_pair), passphrase)
    except WrongSecret as cause:
        raise StepRefused(
            gettext("This is not your passphrase."),
            do=gettext("Nothing was signed. Type it again."),
        ) from cause


def sign_paper(
    seat: Seat,
    paper: Paper,
    *,
    digest: str,
    by: SignedBy,
    evidence: bytes,
    keyring: Keyring,
    clock: Clock = SYSTEM,
) -> Signature:
    """Return the signature; with the last one the agreement is concluded, or the dispute settled.

    Parameters
    ----------
    digest
        Of what the signer was shown.
    evidence
        The digital signature, or what was noted of the paper; kept encrypted with the settlement.

    Raises
    ------
    StepRefused
        The paper was withdrawn or is another one, it is not time to sign, or the mediator is not
        entitled any more.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=seat.case_id)
        seat.case = case
        fresh = Paper.objects.select_related("writing__compartment").get(pk=paper.pk)
        _check(seat, fresh, digest, clock)
        room = fresh.writing.compartment
        content = {"data": base64.b64encode(evidence).decode()}
        signature, new = Signature.objects.get_or_create(
            paper=fresh,
            seat=seat,
            defaults={
                "by": by,
                "digest": digest,
                "evidence": sealed(bytes(room.public), f"signature:{fresh.pk}:{seat.pk}", content),
                "at": clock.now(),
            },
        )
        if new:
            record(
                SIGNED,
                fresh,
                by=seat.person,
                organisation=case.centre,
                clock=clock,
                facts={"by": by.value, "digest": digest},
            )
        if not fresh.sealed and not waiting_for(fresh):
            _complete(case, fresh, keyring, clock)
    return signature


def _check(seat: Seat, paper: Paper, digest: str, clock: Clock) -> None:
    ready = "mediator_set" if paper.writing.kind == Kind.AGREEMENT else "signing"
    if paper.withdrawn or seat.case.state != ready:
        raise StepRefused(
            gettext("This paper cannot be signed now."),
            why=gettext("It was changed, or it is not yet time."),
            do=gettext("Look at the case: it says what comes next."),
        )
    if digest != paper.digest:
        raise StepRefused(
            gettext("What you saw is not what would be signed."),
            why=gettext("The short code on your page is another one."),
            do=gettext("Load the page again and read the text once more."),
        )
    if seat.part not in (Part.PARTY, Part.MEDIATOR):
        raise StepRefused(gettext("Parties and mediators sign; nobody else."))
    if not is_entitled(seat, in_kazakhstan(clock.now()).date()):
        raise StepRefused(
            gettext("Your credential does not hold today."),
            why=gettext("A paper signed by somebody who may not mediate could be void."),
            do=gettext("Ask the registrar to renew it, or the sides to choose another mediator."),
        )


def waiting_for(paper: Paper) -> list[Seat]:
    """Return who has not signed yet; who came after the last signature is not asked for theirs."""
    if paper.sealed:
        return []
    signed = paper.signatures.values("seat")
    return list(sitting(paper.case, Part.PARTY, Part.MEDIATOR).exclude(pk__in=signed))


def evidence_of(signature: Signature, keyring: Keyring) -> bytes:
    """Return what a signature rests on, for a member of the settlement's room."""
    place = f"signature:{signature.paper_id}:{signature.seat_id}"
    key = keyring.key(signature.paper.writing.compartment)
    return base64.b64decode(opened(key, place, bytes(signature.evidence))["data"])


def _complete(case: Case, paper: Paper, keyring: Keyring, clock: Clock) -> None:
    now = clock.now()
    Paper.objects.filter(pk=paper.pk).update(sealed=now)
    if paper.writing.kind == Kind.AGREEMENT:
        take_step(case, "conclude", by="house", clock=clock)
    else:
        take_step(case, "settle", by="house", clock=clock)
        make_promises(paper, keyring=keyring, clock=clock)
