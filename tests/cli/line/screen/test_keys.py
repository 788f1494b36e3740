"""What an officer's keys do: one receipt for what was shown, and nothing signed without them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from detente.channel.record import Noted
from detente.cli.line.screen.app import LineScreen
from detente.cli.main import cli
from detente.ground.forms.catalogue import catalogue

from .conftest import PASSPHRASE, drive, waiting

FIRST = "BBB-2026-0001"  # the incident clarification, the most urgent that is not read
SECOND = "BBB-2026-0002"
SAID = (
    FIRST, "2026-11-28 12:16:05", "2026-11-28 12:21:05Z", "59 26.1234N 24 45E", "2", "1", "2 craft",
    "0", "0", "2026-11-30 19:16:05",
)  # fmt: skip


# --- opening ------------------------------------------------------------------------------------


def test_opening_queues_one_shown_receipt_and_nothing_else(screen, talk):
    home = talk.homes["AAA"]

    async def script(driver):
        assert waiting(home) == []
        await driver.press("enter")
        await driver.sees("A receipt *shown* is queued")
        for _ in range(3):
            await driver.press("escape")
            await driver.press("enter")
            await driver.sees("NOT READ YET. Key r")
        await driver.press("l", "w")
        await driver.sees("Whom to call")

    drive(screen(), script)
    drive(screen(), script_again)
    place = talk.nodes["AAA"].record.by_number[FIRST]
    digest = talk.nodes["AAA"].log.chains["BBB"].digests[place[1]]
    assert waiting(home) == [{"item": "receipt", "acts": [["shown", *place, digest]]}]
    talk.queued("AAA")
    assert set(talk.nodes["BBB"].record.said(place, "AAA")) == {"stored", "shown"}


async def script_again(driver):
    """A second screen, before the node has taken the receipt of the first one."""
    await driver.press("enter")
    assert "A receipt *shown* is queued" not in await driver.sees("NOT READ YET. Key r")


def test_own_messages_and_drafts_are_shown_and_nothing_is_queued(screen, talk):
    queued, talk.queued = talk.queued, lambda _party: None
    talk.send("test", "AAA-2026-0003")
    talk.queued = queued
    before = waiting(talk.homes["AAA"])

    async def script(driver):
        await driver.press("tab")
        await driver.press("enter")
        told = await driver.sees("draft, waiting: leaves once the others have confirmed")
        assert catalogue().forms["test"].title["en"] in told
        await driver.press("r")
        await driver.sees("AAA-2026-0003 is this side’s own message.")
        await driver.press("escape")
        await driver.press("down", "enter")
        await driver.sees("AAA-2026-0002━")

    drive(screen(), script)
    assert waiting(talk.homes["AAA"]) == before


# --- reading ------------------------------------------------------------------------------------


async def _officer(driver, number="2", passphrase=PASSPHRASE):
    await driver.sees("Officer’s number")
    await driver.types(number)
    await driver.sees("Passphrase of")
    await driver.types(passphrase)


async def _reads_back(driver, said):
    for place, value in enumerate(said, start=1):
        await driver.sees(f"Read-back {place} of {len(said)}. Type again:")
        await driver.types(value)


def test_an_officer_reads_back_and_signs(screen, talk):
    home = talk.homes["AAA"]

    async def script(driver):
        await driver.press("enter")
        await driver.sees("NOT READ YET")
        await driver.press("r")
        await _officer(driver)
        await _reads_back(driver, SAID)
        await driver.sees(f"The receipt *read* of {FIRST}, signed by officer 2 Cedar, is queued.")
        await driver.press("r")
        await driver.sees(f"{FIRST} was read and receipted before.")

    drive(screen(), script)
    assert [item["item"] for item in waiting(home)] == ["receipt", "receipt"]
    talk.queued("AAA")
    place = talk.nodes["BBB"].record.by_number[FIRST]
    noted: Noted = talk.nodes["BBB"].record.said(place, "AAA")["read"]
    assert noted.act.officer == 2
    assert noted.act.said[0] == ("number", FIRST)
    assert dict(noted.act.said)["position"] == "59 26.1234N 24 45E"


def test_a_read_back_that_differs_is_marked_and_refused(screen, talk):
    home = talk.homes["AAA"]
    wrong = list(SAID)
    wrong[1], wrong[3], wrong[4] = "2026-11-28 12:16:06", "", "two"

    async def script(driver):
        await driver.press("enter")
        await driver.sees("NOT READ YET")
        before = waiting(home)
        await driver.press("r")
        await _officer(driver)
        await _reads_back(driver, wrong)
        told = await driver.sees("Read-back 2 of 10. Type again: Begins")
        assert "✗ Begins: 2026-11-28 12:16:06 differs from the message" in told
        assert "✗ Position: not typed" in told
        assert "two cannot be read as a value" in told
        assert "✓ Number" in told
        assert waiting(home) == before
        await driver.types(SAID[1])
        await driver.sees("Read-back 4 of 10")
        await driver.press("escape")
        await driver.sees("Stopped: nothing was signed or sent.")
        assert waiting(home) == before

    drive(screen(), script)


def test_a_wrong_officer_or_passphrase_is_asked_for_again(screen, talk):
    async def script(driver):
        await driver.press("enter")
        await driver.sees("NOT READ YET")
        await driver.press("r")
        await driver.sees("Officer’s number: 2 Cedar, 3 Birch")
        await driver.types("7")
        await driver.sees("7 is no officer who may sign this.")
        await driver.types("3")
        await driver.sees("Passphrase of 3 Birch")
        await driver.press(*"mistaken")
        assert "mistaken" not in driver.text
        await driver.press("enter")
        await driver.sees("passphrase")
        await driver.types(PASSPHRASE)
        await driver.sees("Read-back 1 of 10")
        await driver.press("tab", "n", "q")  # letters are letters while an officer types
        assert "Read-back 1 of 10" in driver.flat
        assert "nq" in driver.text

    drive(screen(), script)


# --- answering ----------------------------------------------------------------------------------


def _read(talk, number):
    """Let officer 2 of AAA have read a message."""

    async def script(driver):
        await driver.press("n")
        await driver.sees("NOT READ YET")
        while number not in driver.app._opening.view.number:
            await driver.press("n")
        await driver.press("r")
        await _officer(driver)
        await _reads_back(driver, SAID)
        await driver.sees("signed by officer 2 Cedar, is queued.")

    return script


def test_an_answer_is_written_read_back_and_released_by_two(screen, talk):
    async def script(driver):
        await _read(talk, FIRST)(driver)
        await driver.press("a")
        await driver.sees(f"Answer to {FIRST}: 1 ")
        await driver.types("11")
        await driver.sees("Type a number from 1 to 10.")
        await driver.types("4")
        await driver.sees("Words of your own, in English")
        await driver.types("Our recordings are kept.")
        await driver.sees("Precedence; Enter for that of the message:")
        await driver.types("4")
        await driver.sees("NOT SENT YET: AAA-2026-0003")
        await driver.types("AAA-2026-0003")
        await _officer(driver, "2")
        await driver.sees("Release AAA-2026-0003, second officer. Officer’s number: 3 Birch")
        await driver.types("2")
        await driver.sees("2 is no officer who may sign this.")
        await _officer(driver, "3")
        await driver.sees("Released and queued: AAA-2026-0003.")
        await driver.press("a")
        await driver.sees(f"Answer to {FIRST}: 1 ")
        await driver.press("escape")

    drive(screen(), script, (120, 40))
    talk.queued("AAA")
    record = talk.nodes["BBB"].record
    assert record.passage(record.by_number[FIRST], "AAA").standing == "answered"
    reply = record.messages[record.by_number["AAA-2026-0003"]]
    assert (reply.slip.precedence, reply.slip.answers, len(reply.releases)) == ("flash", FIRST, 2)
    text = json.loads(talk.nodes["BBB"].text(record.by_number["AAA-2026-0003"]))
    assert text["form"]["values"] == {
        "answer": "being_examined",
        "text": "Our recordings are kept.",
    }


def test_no_answer_before_an_officer_has_read_it(screen, talk):
    async def script(driver):
        await driver.press("enter")
        await driver.sees("NOT READ YET")
        await driver.press("a")
        await driver.sees(f"An answer counts once an officer has read {FIRST}: key r first.")

    drive(screen(), script)


# --- what comes while the screen is open ----------------------------------------------------------


def test_a_message_at_flash_rings_once_and_stands_in_a_banner(screen, talk):
    app, rung = screen(), []
    app.bell = lambda: rung.append(1)

    async def script(driver):
        assert "FLASH" not in driver.text
        assert rung == []
        talk.send("not-hostile", "BBB-2026-0003", officers=(2, 3), precedence="flash")
        await driver.reads()
        await driver.sees("FLASH, not read: BBB-2026-0003. Press n to open.")
        await driver.reads()
        talk.send("not-hostile", "BBB-2026-0004", precedence="routine")
        await driver.reads()
        await driver.sees("BBB-2026-0004")
        assert rung == [1]
        await driver.press("n")
        await driver.sees("BBB-2026-0003━")

    drive(app, script)


def test_what_came_is_shown_while_a_message_is_open(screen, talk):
    async def script(driver):
        await driver.press("enter")
        await driver.sees("A receipt *shown* is queued")
        assert "At AAA: stored" not in driver.flat
        talk.queued("AAA")
        await driver.reads()
        await driver.press("end")
        await driver.sees("At AAA: shown")
        assert waiting(talk.homes["AAA"]) == []

    drive(screen(), script)


def test_a_log_that_cannot_be_read_is_told_and_read_again(screen, talk):
    log = talk.homes["AAA"].log

    async def script(driver):
        talk.close()
        aside = log.with_name("aside")
        log.rename(aside)
        await driver.reads()
        await driver.sees("■ DISK")
        aside.rename(log)
        await driver.reads()
        await driver.sees("■ NODE DOES NOT RUN")

    drive(screen(), script)


def test_leaving_while_an_officer_is_asked_ends_the_screen(screen):
    async def script(driver):
        await driver.press("enter")
        await driver.sees("NOT READ YET")
        await driver.press("r")
        await driver.sees("Officer’s number")
        await driver.press("ctrl+q")

    app = screen()
    drive(app, script)
    assert app.return_code == 0


# --- the verb -------------------------------------------------------------------------------------


def test_the_verb_runs_the_screen_in_the_language_asked_for(folder, monkeypatch):
    ran = []
    monkeypatch.setattr(LineScreen, "run", lambda self: ran.append(self.language))
    for more in ([], ["--language", "ru"]):
        found = CliRunner().invoke(cli, ["line", "screen", str(folder / "AAA"), *more])
        assert (found.exit_code, found.output) == (0, "")
    assert ran == ["en", "ru"]


@pytest.mark.parametrize("more", [["--language", "xx"], []])
def test_the_verb_says_what_is_wrong_before_it_takes_the_terminal(tmp_path, monkeypatch, more):
    monkeypatch.setattr(LineScreen, "run", lambda _self: pytest.fail("it ran"))
    found = CliRunner().invoke(cli, ["line", "screen", str(tmp_path), *more])
    assert found.exit_code != 0
    assert "xx" in str(found.exception) or "is on no line yet" in str(found.exception)
