"""Pages of the person who answers: begin, one screen after another, send, thanks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kelisim.surveys import access, drafts, queries
from kelisim.surveys.actions.send_answers import AlreadyUsed, send_answers
from kelisim.surveys.fields import Field, complaint, draw, typed
from kelisim.surveys.links import draft_key
from kelisim.surveys.models import Draft, Invitation, Media
from kelisim.surveys.screens import FINISH, Item, Screen, is_answerable, is_note, place_of, screens
from kelisim.surveys.xform.interview import Interview

RECEIPT = "kelisim-receipt"
DAYS = 60 * 60 * 24 * 30
OPENED_SALT = "kelisim.surveys.opened"
View = Callable[..., HttpResponse]


def _quiet(view: View) -> View:
    """Let no address that holds a secret be kept or found; the site never passes addresses on."""

    @never_cache
    def quieter(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return quieter


def _language() -> str:
    return (get_language() or "kk").partition("-")[0]


def _draft(secret: str) -> Draft | None:
    rows = Draft.objects.select_related("questionnaire__survey__organisation")
    return rows.filter(key=draft_key(secret)).first()


@_quiet
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, secret: str) -> HttpResponse:
    """Say what is asked and why, and begin or go on."""
    invitation = access.invitation(secret)
    if invitation.used_on:
        return redirect("answer-thanks", secret=secret)
    questionnaire = queries.current(invitation.survey)
    if questionnaire is None or invitation.survey.state != "open":
        page = {"survey": invitation.survey}
        return render(request, "surveys/fill/closed.html", page, status=410)
    draft = _draft(secret)
    if request.method == "POST":
        agreed = request.POST.get("paradata") == "yes"
        draft = draft or drafts.begin(
            questionnaire, draft_key(secret), _language(), paradata=agreed
        )
        return redirect("answer", secret=secret, place=draft.place or _first(draft))
    return render(request, "surveys/fill/begin.html", {"survey": invitation.survey, "draft": draft})


def _first(draft: Draft) -> str:
    found = screens(drafts.resume(draft, _language()))
    return found[0].place if found else FINISH


@_quiet
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, secret: str, place: str) -> HttpResponse:
    """Show one screen, and take what was answered on it."""
    invitation, draft = access.invitation(secret), _draft(secret)
    if invitation.used_on or draft is None:
        return redirect("answer-begin", secret=secret)
    interview = drafts.resume(draft, _language())
    if place == FINISH:
        return _finish(request, secret, invitation, draft, interview)
    screen = next((one for one in screens(interview) if one.place == place), None)
    if screen is None:
        return redirect("answer", secret=secret, place=_first(draft))
    if request.method == "POST":
        return _take(request, secret, draft, interview, screen)
    return _show(request, secret, interview, screen, [])


def _show(
    request: HttpRequest,
    secret: str,
    interview: Interview,
    screen: Screen,
    fields: list[Field],
    status: int = 200,
) -> HttpResponse:
    every = screens(interview)
    number = next((n for n, one in enumerate(every, 1) if one.place == screen.place), 1)
    page = {
        "secret": secret,
        "screen": screen,
        "fields": fields or [draw(interview, item) for item in screen.items],
        "opened": signing.dumps(datetime.now(UTC).timestamp(), salt=OPENED_SALT),
        "number": number,
        "count": len(every),
        "before": every[number - 2].place if number > 1 else "",
        "repeat": interview.wording.label(screen.repeat[0].label, screen.repeat[1])
        if screen.repeat
        else "",
    }
    return render(request, "surveys/fill/screen.html", page, status=status)


def _take(
    request: HttpRequest, secret: str, draft: Draft, interview: Interview, screen: Screen
) -> HttpResponse:
    back = "back" in request.POST
    if screen.repeat is not None and "more" in request.POST:
        repeat, parent = screen.repeat
        interview.add_repeat(repeat.path, parent)
        interview.recompute()
    refused = _write(request, draft, interview, screen)
    places = [one.place for one in screens(interview)]
    if request.headers.get("X-Requested-With") == "kelisim-save":
        drafts.save(draft, interview, screen.place, _language())
        # What is empty is not wrong while a person is still at it.
        wrong = any(text for text, _sentence in refused.values())
        return HttpResponse(status=422 if wrong else 204)
    if refused and not back:
        drafts.save(draft, interview, screen.place, _language())
        fields = [
            draw(interview, item, value=refused[place][0], wrong=refused[place][1])
            if (place := place_of(interview, item.node)) in refused
            else draw(interview, item)
            for item in screen.items
        ]
        return _show(request, secret, interview, screen, fields, status=422)
    target = _next(places, screen.place, back=back)
    drafts.save(draft, interview, target, _language())
    if target == screen.place and back:
        return redirect("answer-begin", secret=secret)
    return redirect("answer", secret=secret, place=target)


def _next(places: list[str], place: str, *, back: bool) -> str:
    if place not in places:
        return places[0] if places else FINISH
    at = places.index(place)
    if back:
        return places[max(at - 1, 0)]
    return places[at + 1] if at + 1 < len(places) else FINISH


def _write(
    request: HttpRequest, draft: Draft, interview: Interview, screen: Screen
) -> dict[str, tuple[str, str]]:
    """Write down every answer of a screen that stands; return the others with what is wrong."""
    opened = _opened(request.POST.get("opened", ""))
    asked = [
        item
        for item in screen.items
        if is_answerable(interview, item) and not is_note(interview, item)
    ]
    refused = {}
    for item in asked:
        before, text = item.node.text, typed(interview, item, request.POST)
        interview.set(item.node, text)
        wrong = complaint(interview, item, text)
        if wrong:
            interview.set(item.node, before if text else "")
            refused[place_of(interview, item.node)] = (text, wrong)
        elif text != before:
            drafts.note(draft, item.node.place(), opened, before, text)
    return refused


def _opened(signed: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(signing.loads(signed, salt=OPENED_SALT), UTC)
    except signing.BadSignature:
        return None


def _finish(
    request: HttpRequest,
    secret: str,
    invitation: Invitation,
    draft: Draft,
    interview: Interview,
) -> HttpResponse:
    every = screens(interview)
    if request.method != "POST" or "back" in request.POST:
        if request.method == "POST" and every:
            return redirect("answer", secret=secret, place=every[-1].place)
        page = {"secret": secret, "empty": _left_out(interview, every)}
        return render(request, "surveys/fill/finish.html", page)
    for screen in every:
        if any(complaint(interview, item, item.node.text) for item in screen.items):
            return redirect("answer", secret=secret, place=screen.place)
    try:
        code = send_answers(draft=draft, interview=interview, invitation=invitation)
    except AlreadyUsed:
        return redirect("answer-thanks", secret=secret)
    done = redirect("answer-thanks", secret=secret)
    # The code goes with the browser alone: nothing here ties it to the link.
    done.set_cookie(
        RECEIPT, code, max_age=DAYS, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return done


def _left_out(interview: Interview, every: list[Screen]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for screen in every:
        for item in screen.items:
            if _unanswered(interview, item):
                label = interview.wording.label(item.question.label, item.node)
                found.append((screen.place, label))
    return found


def _unanswered(interview: Interview, item: Item) -> bool:
    asked = is_answerable(interview, item) and not is_note(interview, item)
    return asked and item.node.text == ""


@_quiet
@require_safe
def thanks(request: HttpRequest, secret: str) -> HttpResponse:
    """Say thanks, give the receipt, and say how the answers are protected."""
    invitation = access.invitation(secret)
    if not invitation.used_on:
        return redirect("answer-begin", secret=secret)
    page = {"survey": invitation.survey, "receipt": request.COOKIES.get(RECEIPT, "")}
    return render(request, "surveys/fill/thanks.html", page)


@_quiet
@require_safe
def picture(request: HttpRequest, secret: str, name: str) -> HttpResponse:  # noqa: ARG001  (every view has a request)
    """Give a picture that the questionnaire shows."""
    invitation = access.invitation(secret)
    questionnaire = queries.current(invitation.survey)
    found = Media.objects.filter(questionnaire=questionnaire, name=name).first()
    kinds = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
    kind = kinds.get(name.rpartition(".")[2].lower())
    if found is None or kind is None:
        return HttpResponse(status=404)
    return HttpResponse(bytes(found.content), content_type=kind)
