"""What people do about their notifications, and what they may not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from tests.fixtures.passwords import CONFIRMED, HASH
from tests.notifications.scene import Recorder, Scene
from tests.notifications.servers import SubscribedBrowser
from tests.state.people import log_in
from todo_app.db.models import Delivery, Notification, NotificationChannel, UsedLink, User
from todo_app.domain.errors import Invalid, NotFound
from todo_app.notifications.port import Refused
from todo_app.notifications.push_channel import read_subscription
from todo_app.services import accounts, channels, notification_preferences, notifications, reminders
from todo_app.services.channels import CHANNELS_MAX, CheckedAddress
from todo_app.services.notification_preferences import Preferences
from todo_app.services.notifications import Snooze
from todo_app.services.retention import NOTIFICATIONS_FOR, Retention


class TestTheList:
    async def test_it_is_read_newest_first_page_by_page(self, scene: Scene) -> None:
        for number in range(70):
            await scene.remind(f"Task {number}")
            scene.clock.advance(timedelta(seconds=number % 2))

        seen: list[str] = []
        cursor = None
        async with scene.work.read(scene.person.identity) as uow:
            while True:
                page = await notifications.page(uow, before=cursor)
                seen += [each.notification.title for each in page.notes]
                cursor = page.following
                if cursor is None:
                    break
        assert len(seen) == len(set(seen)) == 70
        newest = {f"Task {number}" for number in range(40, 70)}
        assert set(seen[:30]) == newest

    async def test_reading_and_counting(self, scene: Scene) -> None:
        for title in ("Pay rent", "Call Ben", "Buy milk"):
            await scene.remind(title)
        [first, *_] = await scene.notifications()

        async with scene.work.write(scene.person.identity) as uow:
            await notifications.mark_read(uow, first.id)
            assert await notifications.count_unread(uow) == 2
        async with scene.work.write(scene.person.identity) as uow:
            assert await notifications.mark_all_read(uow) == 2
            assert await notifications.count_unread(uow) == 0

    async def test_another_persons_are_not_there(self, scene: Scene) -> None:
        await scene.remind()
        [theirs] = await scene.notifications()
        ben = await log_in(scene.application, "ben@example.org")

        async with scene.work.write(ben.identity) as uow:
            assert (await notifications.page(uow)).notes == []
            assert await notifications.mark_all_read(uow) == 0
            for act in (notifications.mark_read, notifications.task_of):
                with pytest.raises(NotFound):
                    await act(uow, theirs.id)
        assert (await scene.notifications())[0].read_at is None

    async def test_fresh_ones_are_unread_recent_and_not_quiet(self, scene: Scene) -> None:
        await scene.remind("Pay rent")

        async def fresh() -> list[str]:
            async with scene.work.read(scene.person.identity) as uow:
                return [each.notification.title for each in await notifications.fresh(uow)]

        assert await fresh() == ["Pay rent"]
        async with scene.work.write(scene.person.identity) as uow:
            await notification_preferences.change(uow, Preferences(quiet_from=time(8), quiet_until=time(10)))
        assert await fresh() == []
        # What came in quiet hours does not pop up at their end.
        scene.clock.now = datetime(2026, 7, 15, 7, 59, tzinfo=UTC)
        await scene.remind("Call Ben")
        scene.clock.advance(timedelta(minutes=2))
        await scene.remind("Buy milk")
        assert await fresh() == ["Buy milk"]

    @pytest.mark.parametrize(
        ("snooze", "until"),
        [
            (Snooze.TEN_MINUTES, datetime(2026, 7, 15, 7, 10, tzinfo=UTC)),
            (Snooze.HOUR, datetime(2026, 7, 15, 8, tzinfo=UTC)),
            (Snooze.TOMORROW, datetime(2026, 7, 16, 7, tzinfo=UTC)),  # 09:00 in Berlin
        ],
    )
    async def test_snoozing_reads_all_about_the_task_and_reminds_again(
        self, scene: Scene, snooze: Snooze, until: datetime
    ) -> None:
        task_id = await scene.add_task()
        await scene.notify(await scene.due_event(task_id), await scene.due_event(task_id))
        [first, _] = await scene.notifications()

        async with scene.work.write(scene.person.identity) as uow:
            found = await notifications.task_of(uow, first.id)
            assert notifications.snoozed_until(uow, snooze) == until
            await reminders.snooze(uow, found, notifications.snoozed_until(uow, snooze))

        assert found == task_id
        assert all(each.read_at for each in await scene.notifications())


class TestPreferences:
    async def test_they_are_kept(self, scene: Scene) -> None:
        wanted = Preferences(
            default_reminder_minutes=30,
            all_day_at=time(8),
            overdue_notice=True,
            digest_at=time(7, 30),
            quiet_from=time(22),
            quiet_until=time(7),
        )

        async with scene.work.write(scene.person.identity) as uow:
            await notification_preferences.change(uow, wanted)

        async with scene.work.read() as uow:
            uow.identity = (await uow.accounts.workers_for({scene.person.identity.user_id}, name="x"))[
                scene.person.identity.user_id
            ]
            assert await notification_preferences.preferences(uow) == wanted

    @pytest.mark.parametrize(
        "wanted",
        [
            Preferences(default_reminder_minutes=7),
            Preferences(default_reminder_minutes=-10),
            Preferences(quiet_from=time(22)),
            Preferences(quiet_until=time(7)),
            Preferences(quiet_from=time(7), quiet_until=time(7)),
        ],
    )
    async def test_what_can_not_be_is_refused(self, scene: Scene, wanted: Preferences) -> None:
        async with scene.work.write(scene.person.identity) as uow:
            with pytest.raises(Invalid):
                await notification_preferences.change(uow, wanted)
            assert await notification_preferences.preferences(uow) == Preferences()
            assert uow.events == ()


class TestChannels:
    async def test_there_are_not_too_many_and_none_twice(self, scene: Scene) -> None:
        async with scene.work.write(scene.person.identity) as uow:
            for number in range(CHANNELS_MAX):
                await channels.add_apprise(uow, CheckedAddress(f"ntfy://topic{number}", "ntfy"), "")
            with pytest.raises(Invalid, match="There can be 20 channels"):
                await channels.add_apprise(uow, CheckedAddress("ntfy://one-more", "ntfy"), "")
            with pytest.raises(Invalid, match="already"):
                await channels.add_apprise(uow, CheckedAddress("ntfy://topic1", "ntfy"), "")

    async def test_a_browser_that_subscribes_again_stays_one(self, scene: Scene) -> None:
        first, again = (SubscribedBrowser("https://push.example.org/x") for _ in range(2))
        for browser in (first, again):
            subscription = read_subscription(browser.subscription, allow_private=False)
            async with scene.work.write(scene.person.identity) as uow:
                channel = await channels.add_push(uow, subscription, "Firefox")
                await channels.switch(uow, channel.id, on=False)
        async with scene.work.write(scene.person.identity) as uow:
            await channels.add_push(uow, subscription, "Firefox")
            [only] = await uow.channels.all()

        assert only.target == subscription.dump()
        assert only.disabled_at is None

    async def test_what_is_secret_is_not_shown(self, scene: Scene) -> None:
        async with scene.work.write(scene.person.identity) as uow:
            url = CheckedAddress("tgram://123456789:very_secret_token/12315544/", "Telegram")
            service = await channels.add_apprise(uow, url, "")
            browser = SubscribedBrowser("https://push.example.org/secret-path")
            subscription = read_subscription(browser.subscription, allow_private=False)
            push = await channels.add_push(uow, subscription, "")

        assert (service.name, channels.masked(service)) == ("Telegram", "tgram://…")
        assert (push.name, channels.masked(push)) == ("A browser", "push.example.org")

    async def test_mails_go_to_the_own_address_alone(self, scene: Scene) -> None:
        async with scene.work.write(scene.person.identity) as uow:
            assert (await channels.add_email(uow)).target == "ada@example.org"
            with pytest.raises(Invalid, match="already"):
                await channels.add_email(uow)

    async def test_another_persons_can_not_be_touched(self, scene: Scene) -> None:
        channel_id = await scene.add_channel()
        ben = await log_in(scene.application, "ben@example.org")

        async with scene.work.write(ben.identity) as uow:
            with pytest.raises(NotFound):
                await channels.switch(uow, channel_id, on=False)
            with pytest.raises(NotFound):
                await channels.remove(uow, channel_id)
            assert await uow.channels.all() == []
            assert (await channels.log(uow)).deliveries == []
        assert (await scene.channel(channel_id)).disabled_at is None

    async def test_removing_one_takes_what_waits_along(self, scene: Scene) -> None:
        channel_id = await scene.add_channel()
        await scene.remind()
        recorder = Recorder()

        async with scene.work.write(scene.person.identity) as uow:
            await channels.remove(uow, channel_id)
        await scene.deliver(recorder)

        assert (recorder.attempts, await scene.deliveries()) == (0, [])
        assert len(await scene.notifications()) == 1

    async def test_the_log_says_how_it_stands(self, scene: Scene) -> None:
        await scene.add_channel()
        await scene.remind("Pay rent")
        await scene.deliver(Recorder(failures=[Refused("No such mailbox.")]))
        scene.clock.advance(timedelta(seconds=1))
        await scene.remind("Call Ben")
        await scene.deliver(Recorder())

        async with scene.work.read(scene.person.identity) as uow:
            log = (await channels.log(uow)).deliveries
            stands = [(each.title, channels.outcome(each.delivery, now=uow.now)) for each in log]
        assert stands == [("Call Ben", "sent"), ("Pay rent", "failed")]
        assert log[1].delivery.error == "No such mailbox."

    async def test_trying_one_out_says_what_came_of_it(self, scene: Scene) -> None:
        channel = await scene.channel(await scene.add_channel())
        recorder = Recorder(failures=[Refused("No such mailbox.")])

        assert await channels.try_out(recorder, channel, page="https://a") == "No such mailbox."
        assert await channels.try_out(recorder, channel, page="https://a") == ""
        assert recorder.sent[0][0] == "ada@example.org"
        assert await scene.deliveries() == []


async def test_a_deleted_account_leaves_nothing_of_it(scene: Scene) -> None:
    async with scene.work.write() as uow:
        user = await accounts.register(uow, "eve@example.org", HASH, "UTC")
    eve = Scene(scene.application, await log_in(scene.application, "other@example.org"), scene.clock)
    await eve.add_channel()
    await eve.remind()
    async with scene.work.write() as uow:
        row = await uow.accounts.by_id(eve.person.identity.user_id)
        assert row is not None
        row.password_hash = user.password_hash
    async with scene.work.write(eve.person.identity) as uow:
        await notification_preferences.change(uow, Preferences(overdue_notice=True))
    async with scene.work.write(eve.person.identity) as uow:
        await accounts.delete_account(uow, CONFIRMED)

    mine = eve.person.identity.user_id
    async with scene.work.read() as uow:
        for table in SQLModel.metadata.sorted_tables:
            if table.name.startswith(("notification", "deliver")):
                owned = select(func.count()).select_from(table).where(table.c.user_id == mine)
                assert await uow.session.scalar(owned) == 0, table.name
    recorder = Recorder()
    await scene.deliver(recorder)
    assert recorder.attempts == 0


async def test_old_notifications_and_used_links_are_forgotten(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind("Old")
    async with scene.work.write() as uow:
        await uow.used_links.use(uuid4(), expires_at=uow.now + timedelta(days=7))
    scene.clock.advance(NOTIFICATIONS_FOR - timedelta(seconds=1))
    await Retention(scene.work, trash_days=30).step()
    assert await count(scene, Notification) == 1
    assert await count(scene, UsedLink) == 0
    await scene.remind("New")

    scene.clock.advance(timedelta(seconds=2))
    await Retention(scene.work, trash_days=30).step()

    assert [each.title for each in await scene.notifications()] == ["New"]
    assert await count(scene, Delivery) == 1
    assert await count(scene, NotificationChannel) == 1
    assert await count(scene, User) == 1


async def count(scene: Scene, table: type[SQLModel]) -> int:
    async with scene.work.read() as uow:
        return await uow.session.scalar(select(func.count()).select_from(table)) or 0
