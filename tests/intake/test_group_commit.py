"""What is acknowledged is on the disk, and one bad item takes no other with it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import closing

import pytest
from django.db import IntegrityError

from kelisim.accounts.models import Organisation
from kelisim.intake import group_commit
from kelisim.intake.group_commit import Busy, GroupCommit
from kelisim.intake.http import HungUp, Message, TooLarge, body

pytestmark = pytest.mark.django_db(transaction=True)


def write(batch: Sequence[str]) -> list[int]:
    sizes.append(len(batch))
    rows = [Organisation.objects.create(slug=name, name_kk=name) for name in batch]
    return [row.pk for row in rows]


sizes: list[int] = []


def all_of(names: Sequence[str]) -> list[int | BaseException]:
    async def added(door: GroupCommit[str, int]) -> list[int | BaseException]:
        return await asyncio.gather(*(door.add(name) for name in names), return_exceptions=True)

    with closing(GroupCommit(write)) as door:
        return asyncio.run(added(door))


def test_what_comes_together_is_committed_together() -> None:
    sizes.clear()
    answers = all_of([f"house-{n}" for n in range(100)])
    assert set(answers) == set(Organisation.objects.values_list("pk", flat=True))
    assert len(answers) == sum(sizes) == 100
    assert len(sizes) < 100


def test_one_bad_item_does_not_take_the_others_with_it() -> None:
    answers = all_of(["one", "two", "one", "three"])
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1
    assert set(Organisation.objects.values_list("slug", flat=True)) == {"one", "two", "three"}


def test_a_door_that_is_full_says_so_and_grows_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MOST_WAITING", 2)
    open_now = threading.Event()

    def slow(batch: Sequence[str]) -> list[int]:
        open_now.wait(20)
        return [0 for _item in batch]

    async def crowd(door: GroupCommit[str, int]) -> list[int | BaseException]:
        waiting = [asyncio.ensure_future(door.add(str(n))) for n in range(12)]
        await asyncio.sleep(0.2)
        open_now.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    with closing(GroupCommit(slow, most=1)) as door:
        answers = asyncio.run(crowd(door))
    refused = [answer for answer in answers if isinstance(answer, Busy)]
    assert 9 <= len(refused) <= 10
    assert answers.count(0) == 12 - len(refused)


def sent(*parts: Message) -> asyncio.Future[bytes]:
    waiting = list(parts)

    async def receive() -> Message:
        return waiting.pop(0)

    async def whole() -> bytes:
        return await body(receive, 10)

    return asyncio.ensure_future(whole())


def part(content: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": content, "more_body": more}


def test_a_body_is_read_whole_up_to_its_limit() -> None:
    async def read(*parts: Message) -> bytes:
        return await sent(*parts)

    assert asyncio.run(read(part(b"12345", more=True), part(b"67890", more=False))) == b"1234567890"
    with pytest.raises(TooLarge):
        asyncio.run(read(part(b"123456", more=True), part(b"78901", more=False)))
    with pytest.raises(HungUp):
        asyncio.run(read(part(b"1", more=True), {"type": "http.disconnect"}))
