"""Tables beside a form: CSV, XML and GeoJSON files as rows that expressions can look into."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.markup import LONGEST_FORM, read_markup, to_node
from kelisim.surveys.xform.model import Table
from kelisim.surveys.xform.node import Node, document


def load_table(table: Table, files: Mapping[str, bytes]) -> Node:
    """Return the document of a table; the file is found by the last part of its address.

    Raises
    ------
    QuestionnaireRefused
        The file is not among those given, or cannot be read as what its name says.
    """
    if table.root is not None:
        return table.root
    name = table.file.rpartition("/")[2]
    if "last-saved" in table.file or not name:
        return document(Node("root"))
    raw = next((files[one] for one in (name, f"{table.name}.csv") if one in files), None)
    if raw is None:
        raise QuestionnaireRefused(
            f"The file '{name}' of the form is missing.",
            do="Upload it beside the questionnaire, under this very name.",
        )
    if name.endswith(".xml"):
        return document(to_node(read_markup(raw, longest=LONGEST_FORM)))
    if name.endswith((".geojson", ".json")):
        return _geojson(name, raw)
    return _csv(name, raw)


def _text(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise QuestionnaireRefused(
            f"The file '{name}' is not UTF-8.",
            why="Kazakh letters would be lost.",
            do="Save it again as UTF-8.",
        ) from cause


def _rows(rows: list[Mapping[str, str]]) -> Node:
    root = Node("root")
    for row in rows:
        item = Node("item", parent=root)
        item.children = [Node(key, parent=item, text=text) for key, text in row.items()]
        root.children.append(item)
    return document(root)


def _csv(name: str, raw: bytes) -> Node:
    text = _text(name, raw)
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    names = [cell.strip() for cell in next(reader, [])]
    if not names:
        raise QuestionnaireRefused(f"The file '{name}' has no header.", do="Name its columns.")
    return _rows([dict(zip(names, row, strict=False)) for row in reader if any(row)])


def _geojson(name: str, raw: bytes) -> Node:
    try:
        features = json.loads(_text(name, raw))["features"]
        return _rows([_feature(one) for one in features])
    except (ValueError, KeyError, TypeError, IndexError) as cause:
        raise QuestionnaireRefused(
            f"The file '{name}' is not a GeoJSON collection of features.",
            do="Export it again as a FeatureCollection.",
        ) from cause


def _feature(one: Mapping[str, Any]) -> dict[str, str]:
    row = {key: str(value) for key, value in (one.get("properties") or {}).items()}
    if one.get("id") is not None:
        row.setdefault("id", str(one["id"]))
    return {**row, "geometry": _geometry(one["geometry"])}


def _geometry(geometry: Mapping[str, Any]) -> str:
    points = geometry["coordinates"]
    if geometry["type"] == "Point":
        points = [points]
    elif geometry["type"] == "Polygon":
        points = points[0]
    written = [f"{latitude} {longitude} 0 0" for longitude, latitude, *_ in points]
    return written[0] if geometry["type"] == "Point" else ";".join(written)
