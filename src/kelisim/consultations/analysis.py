"""From rows to the engine and back: the picture, the findings, a person's place, the next draw."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from kelisim.charts.opinions import Dot, OwnPlace, OwnShape, gathered_dots, own_shape
from kelisim.consultations import states
from kelisim.consultations.models import Consultation, Event, Kind, Mode, Standing, State
from kelisim.consultations.shelf import shelf
from kelisim.engine.opinion import Votes, ideal_point, live_map, opinion_map, own_place, read_votes
from kelisim.engine.opinion.answer import OpinionMap
from kelisim.engine.opinion.model import Gaussian, IdealPoint
from kelisim.engine.opinion.placing import place_people
from kelisim.engine.opinion.router import CONTROL, route
from kelisim.engine.opinion.votes import AGREE, DISAGREE

SCHEMA = {
    "person": pl.Int64,
    "participant": pl.String,
    "statement": pl.Int64,
    "vote": pl.Int64,
    "time": pl.Float64,
    "language": pl.String,
    "mode": pl.String,
}
SLOW_SHEET = 60.0
"""Seconds set between the votes of one paper sheet: its moment of entry is no haste of anybody."""

ROUTED_ROUNDS = 2
"""Rounds that place a voice for the draw: more move the chances by less than 0.2 % (total variation
of 40 votes on 300 statements in 8 dimensions), and every vote waits for them."""

DISCS, GRID = 400, 20
"""Dots of a picture: a page with more is no longer light, and neighbours then share a disc."""


def last_votes(consultation: Consultation) -> pl.DataFrame:
    """Return the last vote of each participant on each accepted statement, as it was cast."""
    rows = (
        Event.objects.filter(
            consultation=consultation, kind=Kind.VOTE, statement__state=State.ACCEPTED
        )
        .order_by("id")
        .values_list(
            "participant_id",
            "participant__alias",
            "statement__number",
            "vote",
            "at",
            "language",
            "participant__mode",
        )
    )
    table = pl.DataFrame(
        [(*row[:4], row[4].timestamp(), *row[5:]) for row in rows.iterator(10_000)],
        schema=SCHEMA,
        orient="row",
    )
    last = table.unique(["person", "statement"], keep="last", maintain_order=True)
    order = pl.int_range(pl.len()).over("person")
    sheet = pl.col("mode") != Mode.WEB.value
    return last.with_columns(
        time=pl.when(sheet).then(pl.col("time") + SLOW_SHEET * order).otherwise(pl.col("time"))
    )


def snapshot(consultation: Consultation) -> Votes:
    """Return the votes that count now."""
    return counted(last_votes(consultation))


def counted(last: pl.DataFrame) -> Votes:
    """Return the last votes as the engine takes them."""
    return read_votes(last.select("participant", "statement", "vote", "time"))


@dataclass(frozen=True, slots=True)
class Picture:
    """What everybody sees of the map: dots or discs, and the axes they stand on."""

    document: dict[str, Any]
    state: bytes


def picture(votes: Votes, before: bytes, model: bytes) -> Picture:
    """Return the map, started from the axes of an earlier one and coloured by the known groups."""
    known, grouped = states.unpack_map(before), states.unpack_model(model)
    found = live_map(votes) if known is None else live_map(votes, before=known.map, tolerance=1e-4)
    labels: dict[str, int] = {}
    if grouped is not None:
        labels = dict(zip(grouped.aliases.tolist(), grouped.labels.tolist(), strict=True))
    of = [labels.get(name, -1) for name in votes.participants]
    dots = [
        Dot(float(x), float(y), None if group < 0 else group)
        for (x, y), group in zip(found.places, of, strict=True)
    ]
    discs = gathered_dots(dots, most=DISCS, grid=GRID)
    centres = {
        group: [round(float(c), 4) for c in found.places[[g == group for g in of]].mean(axis=0)]
        for group in sorted({group for group in of if group >= 0})
    }
    document = {
        "participants": len(votes.participants),
        "votes": len(votes.signs),
        "discs": [[round(d.x, 4), round(d.y, 4), d.group, d.people] for d in discs],
        "centres": {str(group): centre for group, centre in centres.items()},
    }
    corners = (
        (min(d.x for d in discs), min(d.y for d in discs)),
        (max(d.x for d in discs), max(d.y for d in discs)),
    )
    return Picture(document, states.pack_map(found, corners))


@dataclass(frozen=True, slots=True)
class Findings:
    """What the model says: common ground with its interval, groups or none, slates, integrity."""

    document: dict[str, Any]
    state: states.ModelState
    map: OpinionMap


def findings(votes: Votes) -> Findings:
    """Return the answer of the model, and what the next draws of statements need of it."""
    found = opinion_map(votes)
    model = ideal_point(found.votes, int(found.fit["dimensions"]))
    groups = found.participants["group"].to_list()
    state = states.ModelState(
        np.array([int(name) for name in found.votes.statements], np.int64),
        replace(model, people=Gaussian(np.empty((0, 0)), np.empty((0, 0, 0)))),
        np.bincount(found.votes.indices, minlength=found.votes.shape[1]).astype(np.float64),
        np.array(found.votes.participants.to_list(), dtype=np.str_),
        np.array([-1 if g is None else ord(g) - ord("A") for g in groups], np.int32),
    )
    return Findings(_document(found), state, found)


def _document(found: OpinionMap) -> dict[str, Any]:
    ranked = found.statements.filter(pl.col("common_ground_rank").is_not_null())
    ground = [
        {name: int(value) if name == "statement" else value for name, value in row.items()}
        for row in ranked.sort("common_ground_rank").iter_rows(named=True)
    ]
    groups = [
        {
            **{name: group[name] for name in ("group", "participants", "share")},
            "told_by": [_told_by(one) for one in group["statements"]],
        }
        for group in found.groups["groups"]
    ]
    slate = [
        {**row, "statement": int(row["statement"])} for row in found.slate.iter_rows(named=True)
    ]
    return {
        "participants": found.participants.height,
        "votes": len(found.votes.signs),
        "ground": ground,
        "groups": groups,
        "between": found.groups["between_groups"],
        "reason": str(found.groups["reason"]),
        "stability": found.groups["stability"],
        "slate": slate,
        "alarm": bool(found.integrity["alarm"]),
        "clusters": [len(one["participants"]) for one in found.integrity["clusters"]],
        "bursts": len(found.integrity["bursts"]),
    }


def _told_by(one: Mapping[str, Any]) -> dict[str, Any]:
    side = AGREE if one["vote"] == "agree" else DISAGREE
    return {**one, "statement": int(one["statement"]), "vote": side}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement that was drawn to be shown, with its chance; `even` is the control share."""

    statement: int
    probability: float
    even: bool


_maps: dict[int, tuple[int, states.MapState | None]] = {}
_models: dict[int, tuple[int, states.ModelState | None]] = {}
MOST_KEPT = 64


def place(
    consultation: int, votes: Mapping[int, int], number: int | None = None
) -> OwnPlace | None:
    """Return where a voice stands on the map of now, by the numbers of statements; with its doubt.

    None where there is no map yet, or none of the voice's statements is on it. The number of the
    newest picture is asked of the table where it is not given.
    """
    current = _kept(_maps, consultation, "picture", states.unpack_map, number)
    if current is None:
        return None
    at = {name: place for place, name in enumerate(current.map.statements)}
    known = sorted((at[str(number)], vote) for number, vote in votes.items() if str(number) in at)
    if not known:
        return None
    indices = np.array([one for one, _vote in known], np.int32)
    signs = np.array([vote for _one, vote in known], np.int8)
    (x, y), (x_se, y_se) = own_place(current.map, indices, signs)
    return OwnPlace(float(x), float(y), float(x_se), float(y_se))


def shape(
    consultation: int, votes: Mapping[int, int], width: float, number: int | None = None
) -> OwnShape | None:
    """Return where a voice's own dot is drawn on the picture of now, or None as `place` does."""
    own = place(consultation, votes, number)
    if own is None:
        return None
    corners = _kept(_maps, consultation, "picture", states.unpack_map, number).corners
    return own_shape([Dot(x, y, None) for x, y in corners], own, width)


def draw(
    consultation: Consultation, votes: Mapping[int, int], number: int | None = None
) -> Drawn | None:
    """Draw the next statement for a voice by its votes so far, or None when all were seen."""
    shown = shelf(consultation).by_pk
    offered = [item for pk, item in shown.items() if pk not in votes]
    if not offered:
        return None
    state = _kept(_models, consultation.pk, "findings", states.unpack_model, number)
    chance = secrets.SystemRandom()
    even = np.full(len(offered), 1 / len(offered))
    if state is None:
        at = chance.randrange(len(offered))
        return Drawn(offered[at].pk, float(even[at]), even=True)
    model, counts, places = _with_new(state, [item.number for item in offered])
    person = _placed(state, {shown[pk].number: vote for pk, vote in votes.items() if pk in shown})
    whole = route(model, person, places, counts).probabilities
    is_even = chance.random() < CONTROL
    routed = (whole - CONTROL * even) / (1 - CONTROL)
    weights = even if is_even else np.maximum(routed, 0.0)
    at = chance.choices(range(len(offered)), weights=weights.tolist())[0]
    return Drawn(offered[at].pk, min(float(whole[at]), 1.0), even=is_even)


def _placed(state: states.ModelState, votes: Mapping[int, int]) -> Gaussian:
    """Return where a voice stands by its votes on the statements that the model knows."""
    at = {int(number): place for place, number in enumerate(state.numbers)}
    known = sorted((at[number], vote) for number, vote in votes.items() if number in at)
    alone = Votes(
        pl.Series([""]),
        # Nobody is placed by a name: that there are so many is enough.
        pl.Series(state.numbers),
        np.array([0, len(known)]),
        np.array([place for place, _vote in known], np.int32),
        np.array([vote for _place, vote in known], np.int8),
        np.ones(1),
    )
    return place_people(alone, state.model, most_rounds=ROUTED_ROUNDS)


def _with_new(
    state: states.ModelState, numbers: list[int]
) -> tuple[IdealPoint, np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the model with statements it has not seen yet at their prior, and where all stand."""
    at = {int(number): place for place, number in enumerate(state.numbers)}
    fresh = [number for number in numbers if number not in at]
    at |= {number: len(state.numbers) + place for place, number in enumerate(fresh)}
    places = np.array([at[number] for number in numbers], np.int64)
    if not fresh:
        return state.model, state.votes, places
    priors, known = state.model.priors, state.model.agreeing
    size = known.mean.shape[1]
    mean = np.zeros((len(fresh), size))
    mean[:, 0] = priors.level_mean[0]
    spread = np.diag(np.concatenate([[priors.level[0]], priors.loading[0]]))
    widened = Gaussian(
        np.concatenate([known.mean, mean]),
        np.concatenate([known.covariance, np.tile(spread, (len(fresh), 1, 1))]),
    )
    votes = np.concatenate([state.votes, np.zeros(len(fresh))])
    return replace(state.model, agreeing=widened), votes, places


def is_kept(consultation: int, number: int) -> bool:
    """Say whether a picture is at hand, so that no table is asked for it."""
    return _maps.get(consultation, (-1, None))[0] == number


def _kept(
    kept: dict[int, Any], consultation: int, what: str, unpack: Any, number: int | None
) -> Any:
    """Return a state of the newest standing; read and unpacked again only when it is another."""
    rows = Standing.objects.filter(pk=consultation)
    if number is None:
        number = rows.values_list(f"{what}_number", flat=True).first() or 0
    if consultation not in kept or kept[consultation][0] != number:
        content = rows.values_list(f"{what}_state", flat=True).first() or b""
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[consultation] = (number, unpack(bytes(content)))
    return kept[consultation][1]
