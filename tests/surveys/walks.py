"""Random walks through a form: which answer to which question next, from a seed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kelisim.core.clock import SystemClock
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.model import Form, Question, Repeat
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.verdict import judge

ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "webforms"
SKIPPED = frozenset({"upload", "secret"})
WORDS = ("a", "Әлия", "hello world", "1", "0", "12", "no", "2020-01-01", "x y", "АБВ-12")
PLACES = ("43.25 76.95 0.0 0.0", "51.1 71.4 0.0 0.0", "42.3 69.6 700.0 5.0")
_CORNERS = (((43, 76), (43, 77), (44, 77)), ((51, 71), (51, 72), (52, 72)))
SHAPES = tuple(
    ";".join(f"{y:.1f} {x:.1f} 0.0 0.0" for y, x in (*corners, corners[0])) for corners in _CORNERS
)

Step = list[Any]
Told = tuple[bool, bool, bool, bool, str | None]


@dataclass(frozen=True, slots=True)
class Walk:
    """Steps through a form, and what our own engine says of every node after each."""

    steps: list[Step]
    told: list[dict[str, Told]]


def reference(interview: Interview, node: Node) -> str:
    """Return the reference of a node as ODK Web Forms writes it: repeated groups are numbered."""
    names = []
    for one in (node, *node.ancestors()):
        if one.kind == "document":
            continue
        number = f"[{one.order()}]" if interview.is_repeat(one) else ""
        names.append(f"{one.name}{number}")
    return "/" + "/".join(reversed(names))


def said(interview: Interview) -> dict[str, Told]:
    """Return what our engine says of every node."""
    found: dict[str, Told] = {}
    for node in interview.root.walk():
        verdict = judge(interview, node)
        bind = interview.bind(node)
        # Moments and identifiers are nobody's verdict: they differ from one run to the next.
        own = bool(bind and bind.preload) or node.name == "instanceID"
        value = None if node.children or own else node.value()
        found[reference(interview, node)] = (
            verdict.relevant,
            verdict.required,
            verdict.valid,
            verdict.missing,
            value,
        )
    return found


def walk(form: Form, seed: int, length: int, files: Mapping[str, bytes] | None = None) -> Walk:
    """Return a random walk of a length."""
    chance = np.random.default_rng(seed)
    interview = Interview(form, clock=SystemClock(), chance=chance, files=files)
    steps: list[Step] = []
    told = [said(interview)]
    for _ in range(length):
        step = _step(interview, chance)
        if step is None:
            break
        steps.append(step)
        told.append(said(interview))
    return Walk(steps, told)


def _step(interview: Interview, chance: np.random.Generator) -> Step | None:
    repeats = [
        one
        for one in interview.form.controls()
        if isinstance(one, Repeat) and not one.count and not one.fixed
    ]
    if repeats and chance.random() < 0.15:
        return _change_repeats(interview, repeats[chance.integers(len(repeats))], chance)
    open_now = [
        (question, node)
        for question, node in interview.answered()
        if node.relevant
        and question.kind not in SKIPPED
        and not judge(interview, node).readonly
        and not node.children
        and node.kind == "element"
    ]
    if not open_now:
        return None
    question, node = open_now[chance.integers(len(open_now))]
    values = _answer(interview, question, node, chance)
    interview.set(node, " ".join(values))
    return ["set", reference(interview, node), values]


def _change_repeats(
    interview: Interview, repeat: Repeat, chance: np.random.Generator
) -> Step | None:
    parents = interview.nodes(repeat.path.rpartition("/")[0])
    if not parents:
        return _step(interview, chance)
    parent = parents[chance.integers(len(parents))]
    present = list(parent.named(repeat.path.rpartition("/")[2]))
    where = f"{reference(interview, parent)}/{repeat.path.rpartition('/')[2]}"
    if len(present) > 1 and chance.random() < 0.4:
        number = int(chance.integers(len(present)))
        interview.remove_repeat(present[number])
        interview.recompute()
        return ["remove", where, number]
    interview.add_repeat(repeat.path, parent)
    interview.recompute()
    return ["add", where]


def _answer(
    interview: Interview, question: Question, node: Node, chance: np.random.Generator
) -> list[str]:
    if question.kind in ("select", "select1", "rank"):
        return _chosen(interview, question, node, chance)
    if chance.random() < 0.1:
        return []
    if question.kind == "trigger":
        return ["OK"]
    bind = interview.bind(node)
    kind = bind.type if bind else "string"
    if question.kind == "range":
        start, end, step = (float(question.parameters[name]) for name in ("start", "end", "step"))
        number = start + step * chance.integers(round((end - start) / step) + 1)
        return [f"{number:g}"]
    return [_text(kind, chance)]


def _chosen(
    interview: Interview, question: Question, node: Node, chance: np.random.Generator
) -> list[str]:
    options = [one.value for one in interview.wording.options(question, node)]
    if not options:
        return []
    if question.kind == "rank":
        return [str(one) for one in chance.permutation(options)]
    most = 1 if question.kind == "select1" else min(len(options), 4)
    size = int(chance.integers(0 if most > 1 or chance.random() < 0.1 else 1, most + 1))
    places = sorted(int(one) for one in chance.choice(len(options), size=size, replace=False))
    return [options[place] for place in places]


def _text(kind: str, chance: np.random.Generator) -> str:
    match kind:
        case "int" | "integer":
            return str(int(chance.integers(-3, 120)))
        case "decimal":
            return f"{chance.integers(-2, 120)}.5"
        case "date":
            return (
                f"20{chance.integers(10, 40)}-0{chance.integers(1, 10)}-1{chance.integers(0, 10)}"
            )
        case "time":
            return f"1{chance.integers(0, 10)}:3{chance.integers(0, 10)}:00.000+05:00"
        case "dateTime":
            return f"20{chance.integers(10, 40)}-03-1{chance.integers(0, 10)}T10:00:00.000+05:00"
        case "geopoint":
            return PLACES[chance.integers(len(PLACES))]
        case "geotrace" | "geoshape":
            return SHAPES[chance.integers(len(SHAPES))]
        case "boolean":
            return "true"
        case _:
            return WORDS[chance.integers(len(WORDS))]


def oracle(
    xml: str, walks: list[Walk], files: Mapping[str, str] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Yield what the engine of ODK Web Forms says along each walk."""
    asked = {"form": xml, "files": dict(files or {}), "paths": [one.steps for one in walks]}
    done = subprocess.run(
        ["node", "engine.mjs"],
        cwd=ORACLE,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env=os.environ | {"TZ": "Asia/Almaty"},
        check=True,
    )
    for line in done.stdout.rstrip("\n").split("\n"):
        answer = json.loads(line)
        assert isinstance(answer, list), answer
        yield answer
