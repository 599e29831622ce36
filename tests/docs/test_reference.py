"""The reference names everything a person can type, set or be told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import click
import pytest

from kelisim.cli.main import kelisim
from kelisim.core.errors import Refusal
from kelisim.study.settings import SECTIONS
from tests.house.inventory import ROOT, SOURCE

TAKEN = re.compile(r"\.(?:take|need|inner)\(\s*\"(\w+)\"")


def reference(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


def every_command() -> Iterator[tuple[str, click.Command]]:
    def walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                assert child is not None
                yield from walk(f"{path} {name}", child)
        else:
            yield path, command

    return walk("kelisim", kelisim)


def section(text: str, heading: str) -> str:
    _, found, rest = text.partition(f"\n## `{heading}`")
    assert found, f"docs/reference/commands.md has no section '{heading}'"
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize(
    ("path", "command"),
    list(every_command()),
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_every_command_and_option_has_its_place_in_the_reference(
    path: str, command: click.Command
) -> None:
    entry = section(reference("commands.md"), path)
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            spelled = str(parameter.metavar or parameter.name).upper()
        else:
            spelled = parameter.opts[-1]
        assert f"`{spelled}" in entry, f"{path} does not explain {spelled}"


def kinds(of: type[Refusal]) -> Iterator[type[Refusal]]:
    return chain([of], *(kinds(kind) for kind in of.__subclasses__()))


@pytest.mark.parametrize("kind", list(kinds(Refusal)), ids=lambda kind: kind.code)
def test_every_code_of_a_refusal_is_explained(kind: type[Refusal]) -> None:
    assert f"| `{kind.code}` |" in reference("errors.md")


def settings() -> set[str]:
    """Return every key that the readers of study.toml take."""
    readers = (
        "settings.py",
        "indicators.py",
        "weight_settings.py",
        "smallarea_settings.py",
        "battery_settings.py",
    )
    texts = [(SOURCE / "study" / name).read_text(encoding="utf-8") for name in readers]
    return {key for text in texts for key in TAKEN.findall(text)}


@pytest.mark.parametrize("key", sorted(settings()))
def test_every_setting_of_study_toml_is_explained(key: str) -> None:
    assert f"| `{key}` |" in reference("study-toml.md")


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_of_study_toml_is_explained(name: str) -> None:
    text = reference("study-toml.md")
    assert f"`[{name}]`" in text or f"`[[{name}]]`" in text
