"""What every state store promises; each adapter runs it with a store of its own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.notifications.scene import Clock
from todo_app.state_store.port import StaleEtag, StateStore

HOUR = timedelta(hours=1)
VALUES = [None, True, 0, 7, -1.5, "", "“ü” 🎉", [], ["a", {"b": None}], {}, {"nested": {"list": [1, 2]}}]


async def value_of(store: StateStore, key: str) -> object:
    stored = await store.get(key)
    assert stored is not None
    return stored.value


class StateStoreSuite:
    """Needs the fixtures ``store``, empty, and ``clock``, whose time the store lives by."""

    async def test_a_key_that_was_never_set_has_nothing(self, store: StateStore) -> None:
        assert await store.get("nothing") is None

    @pytest.mark.parametrize("value", VALUES, ids=str)
    async def test_what_was_set_is_read_back(self, store: StateStore, value: object) -> None:
        await store.set("key", value, ttl=HOUR)

        assert await value_of(store, "key") == value

    async def test_keys_keep_apart(self, store: StateStore) -> None:
        await store.set("throttle:login:a", 1, ttl=HOUR)
        await store.set("throttle:login:b", 2, ttl=HOUR)

        assert await value_of(store, "throttle:login:a") == 1

    async def test_setting_again_replaces_value_and_life(self, store: StateStore, clock: Clock) -> None:
        await store.set("key", "old", ttl=HOUR)
        clock.advance(HOUR / 2)
        await store.set("key", "new", ttl=HOUR)
        clock.advance(HOUR * 0.75)

        assert await value_of(store, "key") == "new"

    async def test_a_value_is_gone_at_the_end_of_its_life(self, store: StateStore, clock: Clock) -> None:
        await store.set("key", "value", ttl=HOUR)
        clock.advance(HOUR)

        assert await store.get("key") is None

    async def test_a_value_lives_to_the_end_of_its_life(self, store: StateStore, clock: Clock) -> None:
        await store.set("key", "value", ttl=HOUR)
        clock.advance(HOUR - timedelta(milliseconds=1))

        assert await value_of(store, "key") == "value"

    async def test_what_was_deleted_is_gone_and_deleting_nothing_is_no_error(self, store: StateStore) -> None:
        await store.set("key", "value", ttl=HOUR)

        await store.delete("key")
        await store.delete("key")

        assert await store.get("key") is None

    async def test_every_write_changes_the_etag(self, store: StateStore) -> None:
        etags = []
        for _ in range(3):
            await store.set("key", "the same", ttl=HOUR)
            stored = await store.get("key")
            assert stored is not None
            etags.append(stored.etag)

        assert len(set(etags)) == 3

    async def test_who_knows_the_value_may_replace_it(self, store: StateStore) -> None:
        await store.set("key", "old", ttl=HOUR)
        stored = await store.get("key")
        assert stored is not None

        await store.set_unless_changed("key", "new", etag=stored.etag, ttl=HOUR)

        assert await value_of(store, "key") == "new"

    async def test_a_stale_etag_changes_nothing(self, store: StateStore) -> None:
        await store.set("key", "old", ttl=HOUR)
        stored = await store.get("key")
        assert stored is not None
        await store.set("key", "newer", ttl=HOUR)

        with pytest.raises(StaleEtag):
            await store.set_unless_changed("key", "mine", etag=stored.etag, ttl=HOUR)

        assert await value_of(store, "key") == "newer"

    @pytest.mark.parametrize("etag", ["1", "no-etag", "7b34b0a4-6f2f-4a6d-8f5e-1a4b7a0f3c11", ""])
    async def test_an_etag_of_nothing_is_stale(self, store: StateStore, etag: str) -> None:
        with pytest.raises(StaleEtag):
            await store.set_unless_changed("key", "mine", etag=etag, ttl=HOUR)

        assert await store.get("key") is None

    async def test_an_etag_from_another_store_is_stale(self, store: StateStore) -> None:
        await store.set("key", "value", ttl=HOUR)

        with pytest.raises(StaleEtag):
            await store.set_unless_changed("key", "mine", etag="no-etag", ttl=HOUR)

    async def test_without_an_etag_only_the_first_writes(self, store: StateStore) -> None:
        await store.set_unless_changed("key", "first", etag=None, ttl=HOUR)

        with pytest.raises(StaleEtag):
            await store.set_unless_changed("key", "second", etag=None, ttl=HOUR)

        assert await value_of(store, "key") == "first"

    async def test_what_was_set_unconditionally_is_not_the_first_any_more(self, store: StateStore) -> None:
        await store.set("key", "first", ttl=HOUR)

        with pytest.raises(StaleEtag):
            await store.set_unless_changed("key", "second", etag=None, ttl=HOUR)

    async def test_after_the_end_of_a_life_there_is_a_first_again(
        self, store: StateStore, clock: Clock
    ) -> None:
        await store.set_unless_changed("key", "old", etag=None, ttl=HOUR)
        old = await store.get("key")
        assert old is not None
        clock.advance(HOUR)

        with pytest.raises(StaleEtag):
            await store.set_unless_changed("key", "too late", etag=old.etag, ttl=HOUR)
        await store.set_unless_changed("key", "new", etag=None, ttl=HOUR)

        assert await value_of(store, "key") == "new"

    async def test_of_many_at_once_who_know_the_same_value_one_writes(self, store: StateStore) -> None:
        await store.set("key", "old", ttl=HOUR)
        stored = await store.get("key")
        assert stored is not None

        async def write(number: int) -> bool:
            try:
                await store.set_unless_changed("key", number, etag=stored.etag, ttl=HOUR)
            except StaleEtag:
                return False
            return True

        assert sum(await asyncio.gather(*map(write, range(8)))) == 1

    async def test_of_many_firsts_at_once_one_writes(self, store: StateStore) -> None:
        async def write(number: int) -> int | None:
            try:
                await store.set_unless_changed("key", number, etag=None, ttl=HOUR)
            except StaleEtag:
                return None
            return number

        winners = [number for number in await asyncio.gather(*map(write, range(8))) if number is not None]

        assert winners == [await value_of(store, "key")]

    async def test_a_counter_counts_from_one(self, store: StateStore) -> None:
        assert [await store.increment("counter", ttl=HOUR) for _ in range(3)] == [1, 2, 3]
        assert await value_of(store, "counter") == 3

    async def test_nothing_is_lost_when_many_count_at_once(self, store: StateStore) -> None:
        counts = await asyncio.gather(*(store.increment("counter", ttl=HOUR) for _ in range(20)))

        assert sorted(counts) == list(range(1, 21))

    async def test_counting_does_not_prolong_the_life_of_a_counter(
        self, store: StateStore, clock: Clock
    ) -> None:
        await store.increment("counter", ttl=HOUR)
        clock.advance(HOUR / 2)
        await store.increment("counter", ttl=HOUR)
        clock.advance(HOUR / 2)

        assert await store.get("counter") is None
        assert await store.increment("counter", ttl=HOUR) == 1

    async def test_counting_changes_the_etag(self, store: StateStore) -> None:
        await store.increment("counter", ttl=HOUR)
        before = await store.get("counter")
        await store.increment("counter", ttl=HOUR)
        assert before is not None

        with pytest.raises(StaleEtag):
            await store.set_unless_changed("counter", 1, etag=before.etag, ttl=HOUR)

    async def test_a_counter_can_be_set_and_a_deleted_one_begins_anew(self, store: StateStore) -> None:
        await store.increment("counter", ttl=HOUR)
        await store.set("counter", 10, ttl=HOUR)
        assert await store.increment("counter", ttl=HOUR) == 11

        await store.delete("counter")
        assert await store.increment("counter", ttl=HOUR) == 1
