"""Two waves of the example study on disk, published without their printed reports."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kelisim.core.canonical import canonical_json, digest
from kelisim.study.release import manifest_of
from kelisim.study.run import run_study
from kelisim.study.scaffold import write_example
from kelisim.study.settings import read_study

INDICATORS = "# What to estimate"


@dataclass(frozen=True)
class Wave:
    """A study folder and its release."""

    study: Path
    out: Path

    def change(self, old: str, new: str, file: str = "study.toml") -> None:
        """Replace text in a file of the study; the text must be there."""
        target = self.study / file
        text = target.read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        target.write_text(text.replace(old, new), "utf-8")

    def rows(self) -> list[dict[str, str]]:
        with (self.study / "interviews.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def write(self, rows: list[dict[str, str]]) -> None:
        with (self.study / "interviews.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def publish(self) -> None:
        """Run the study and write what a comparison reads of a release."""
        result = run_study(read_study(self.study))
        self.out.mkdir()
        result.estimates.write_parquet(self.out / "estimates.parquet")
        content = (self.out / "estimates.parquet").read_bytes()
        files = [{"path": "estimates.parquet", "sha256": digest(content), "bytes": len(content)}]
        manifest = manifest_of(result.study, files, 0)
        (self.out / "manifest.json").write_bytes(canonical_json(manifest))


def unraked(wave: Wave) -> None:
    """Take the population out of a study, so that base weights estimate."""
    text = (wave.study / "study.toml").read_text("utf-8")
    head, _, rest = text.partition("[population]")
    (wave.study / "study.toml").write_text(head + INDICATORS + rest.partition(INDICATORS)[2])


def two_waves(home: Path, seeds: tuple[int, int] = (1, 2)) -> tuple[Wave, Wave]:
    """Write two waves of the example, not published yet: the same places, other people."""
    waves = [Wave(home / f"study{i}", home / f"out{i}") for i in (1, 2)]
    for wave, seed in zip(waves, seeds, strict=True):
        write_example(wave.study, seed)
    waves[1].change("2026-03-02", "2026-09-02")
    waves[1].change("2026-03-20", "2026-09-20")
    return waves[0], waves[1]
