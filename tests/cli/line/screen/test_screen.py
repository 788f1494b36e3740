"""The duty officer's screen: what stands on it as text."""

from __future__ import annotations

from contextlib import closing

import pytest

from detente.channel.keys import fingerprint
from detente.channel.node.home import agreement
from detente.channel.protocol.own import publish_epoch
from detente.channel.step import Step
from detente.cli.line.heads import hexadecimal
from detente.cli.line.screen.app import LineScreen
from detente.cli.line.standing import Standing, leave
from detente.ground.forms.catalogue import catalogue

from .conftest import AT, HOUR, Talk, changed, drive, waiting

SIZES = [(80, 24), (120, 40)]
FIRST = "BBB-2026-0001"  # the incident clarification, the most urgent that is not read
NOT_ACCREDITED = "NOT AN ACCREDITED STATE CHANNEL"
DRILL = "DRILL — DRILL — DRILL"
PAGES = {
    "w": "Whom to call",
    "h": "Logs as held here",
    "j": "newest first",
    "question_mark": "Keys",
}


# --- what stands on top -------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_the_head_stands_above_every_view(screen, talk, size):
    line = fingerprint(agreement(talk.homes["AAA"]).line)

    def stands_on(text):
        lines = text.splitlines()
        assert lines[0].startswith(NOT_ACCREDITED)
        assert lines[0].endswith("Strait line · AAA")
        assert lines[1].startswith(f"Line {line}")
        assert lines[1].endswith("2026-11-28 19:16:05 UTC")
        assert "● GREEN  Test messages come and are confirmed." in text
        assert "■ NODE DOES NOT RUN" in text
        assert "…" not in lines[-1]
        assert len(lines) == size[1]

    async def script(driver):
        stands_on(driver.text)
        for key, words in PAGES.items():
            await driver.press(key)
            await driver.sees(words)
            stands_on(driver.text)
        await driver.press("escape", "enter")
        await driver.sees("no treaty notice by itself")
        stands_on(driver.text)
        await driver.press("r")
        await driver.sees("Officer’s number: 2 Cedar, 3 Birch")
        stands_on(driver.text)

    drive(screen(), script, size)


def test_the_node_is_told_from_what_it_left(screen, talk):
    home = talk.homes["AAA"]

    async def script(driver):
        leave(home, Standing(runs=True))
        assert "Nothing is sent or received. Start it: detente line run" in driver.flat
        with home.held():
            await driver.reads()
            assert "▲ NODE WAITS Not confirmed yet by BBB" in driver.flat
            leave(home, Standing(runs=True, standing="open", confirmed=("BBB",)))
            await driver.reads()
            assert "● NODE RUNS Every other party has confirmed" in driver.flat

    drive(screen(), script)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (2, "▲ AMBER Do: keep watching"),
        (8, "■ RED Do: call the phone of last resort (key w)"),
    ],
)
def test_a_silent_line_says_why_and_what_to_do(screen, hours, words):
    async def script(driver):
        assert words in driver.flat
        assert "BBB: their test messages that were due have not come" in driver.flat

    drive(screen(at=AT + hours * HOUR), script)


def test_a_log_that_is_not_there_is_told(screen, talk):
    talk.close()
    talk.homes["AAA"].log.unlink()

    async def script(driver):
        assert NOT_ACCREDITED in driver.text
        assert "there is no log" in driver.flat

    drive(screen(), script, first="■ DISK")


def test_without_colours_signs_words_and_reversed_lines_stay(screen, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def script(driver):
        assert "■ NODE DOES NOT RUN" in driver.text
        styles = [part.style for strip in driver.filtered for part in strip if part.style]
        assert {style.color.name for style in styles if style.color} == {"default"}
        assert {style.bgcolor.name for style in styles if style.bgcolor} == {"default"}
        assert any(style.reverse for style in styles)

    drive(screen(), script)


def test_a_halted_node_says_why(screen, talk):
    node, store = talk.nodes["AAA"], talk.stores["AAA"]
    seq, elsewhere = node.own, Step()
    talk.start("AAA")
    other = talk.nodes["AAA"]
    other.standing = "open"
    publish_epoch(other, elsewhere, talk.moment)
    talk.nodes["AAA"] = node
    talk.send("meeting-request", "AAA-2026-0003")
    pair = (store.entry(("AAA", seq)), elsewhere.entries[0].raw)
    assert pair[0] != pair[1]
    with changed(talk.homes["AAA"]) as database:
        database.execute("INSERT INTO evidence (first, second) VALUES (?, ?)", pair)

    async def script(driver):
        assert "■ HALTED Two entries of this side’s log cannot both stand." in driver.flat
        assert "Nothing is sent. Call the technical officer" in driver.flat

    drive(screen(), script)


def test_entries_that_break_a_rule_are_told_and_stand_in_the_journal(screen, talk):
    talk.irregular()

    async def script(driver):
        assert "1 entry breaks a rule: key j." in driver.flat
        await driver.press("j")
        told = await driver.sees("Entries that are kept and break a rule")
        assert "of BBB: It needs the release of 2 officers and has 1." in told

    drive(screen(), script)


# --- drills -------------------------------------------------------------------------------------


def test_the_banner_of_a_drill_stands_on_every_view(screen, talk):
    talk.send("drill", "BBB-2026-0003", drill=True)

    def banner(driver):
        lines = driver.text.splitlines()
        return DRILL in lines[2] and "A DRILL IS OPEN ON THIS LINE" in lines[2]

    async def script(driver):
        assert banner(driver)
        for key, words in PAGES.items():
            await driver.press(key)
            await driver.sees(words)
            assert banner(driver)
        await driver.press("escape", "enter")
        await driver.sees(FIRST + "━")
        assert banner(driver)
        await driver.press("r")
        await driver.sees("Officer’s number")
        assert banner(driver)
        await driver.press("escape")
        await driver.sees("Stopped: nothing was signed or sent.")
        await driver.press("n")
        await driver.sees("BBB-2026-0002━")
        await driver.press("n")
        shown = await driver.sees("BBB-2026-0003━")
        assert shown.count(DRILL) == 3  # on top, on the message, and in its form's first line

    drive(screen(), script)


def test_no_banner_without_a_drill(screen):
    async def script(driver):
        assert "DRILL" not in driver.text

    drive(screen(), script)


def test_a_line_for_drills_only_says_so_from_the_first(tmp_path):
    with closing(Talk(tmp_path, drills_only=True)):
        pass

    async def script(driver):
        assert f"{DRILL}: THIS LINE IS AGREED FOR DRILLS ONLY" in driver.text.splitlines()[2]

    drive(LineScreen(tmp_path / "AAA", clock=lambda: AT), script)


# --- lists --------------------------------------------------------------------------------------


def _row(driver, number):
    return next(row for row in driver.text.splitlines() if number in row)


def test_what_is_urgent_and_not_read_stands_first(screen, talk):
    talk.send("not-hostile", "BBB-2026-0003", officers=(2, 3), precedence="flash")

    async def script(driver):
        text = driver.text
        order = [text.index(f"BBB-2026-{n}") for n in ("0003", "0001", "0002")]
        assert order == sorted(order)
        assert "NEW FLASH     BBB-2026-0003" in text
        assert "FLASH, not read: BBB-2026-0003. Press n to open." in text
        assert "RECEIVED 3, to read 3" in text
        assert "due 1 d 23 h" in _row(driver, "BBB-2026-0002")

    drive(screen(), script, (120, 24))


def test_each_status_of_a_sent_message_is_a_word(screen, talk):
    def stands(act, number, **more):
        place = talk.nodes["BBB"].record.by_number[number]
        digest = talk.nodes["BBB"].log.chains["AAA"].digests[place[1]]
        talk.item("BBB", {"item": "receipt", "acts": [[act, *place, digest]]})

    stands("shown", "AAA-2026-0002")
    pump, talk.pump = talk.pump, lambda: None
    talk.send("test", "AAA-2026-0003")
    talk.pump = pump

    async def script(driver):
        assert _row(driver, "AAA-2026-0001").endswith("stored")
        assert _row(driver, "AAA-2026-0002").endswith("shown")
        assert _row(driver, "AAA-2026-0003").endswith("sent")

    drive(screen(), script)


def test_a_text_that_does_not_open_is_not_said_to_be_shown(screen, talk):
    seq = talk.nodes["AAA"].record.by_number[FIRST][1]
    with changed(talk.homes["AAA"]) as database:
        database.execute("DELETE FROM texts WHERE party = 'BBB' AND seq = ?", (seq,))
        database.execute("DELETE FROM secrets")

    async def script(driver):
        assert "NO TEXT" in _row(driver, FIRST)
        await driver.press("enter")
        told = await driver.sees("THIS TEXT IS NOT HERE")
        assert "asked for again" in told
        assert waiting(talk.homes["AAA"]) == []
        await driver.press("r")
        await driver.sees("does not open here")
        assert "Officer’s number" not in driver.flat

    drive(screen(), script)


# --- pages --------------------------------------------------------------------------------------


def test_whom_to_call_now(screen):
    async def script(driver):
        await driver.press("w")
        told = await driver.sees("Whom to call at BBB, Borland")
        assert told.index("+999 5550 0101") < told.index("+999 5550 0102")
        assert "Rowan, duty officer, ru en" in told
        assert "always on duty; shares a language" in told

    drive(screen(), script)


def test_heads_are_those_of_the_log(screen, talk):
    async def script(driver):
        await driver.press("h")
        told = await driver.sees("read them out slowly")
        for head in talk.nodes["AAA"].log.heads():
            digits = hexadecimal(head.root)
            groups = " ".join(digits[at : at + 4] for at in range(0, 16, 4))
            assert f"log of {head.party}: {head.size} entries, root {groups}" in told

    drive(screen(), script)


def test_every_key_stands_on_the_page_of_keys(screen):
    async def script(driver):
        await driver.press("question_mark")
        told = await driver.sees("open the next message that is not read")
        for binding in LineScreen.BINDINGS:
            name = {"question_mark": "Keys", "escape": "Esc"}.get(binding.key, binding.key)
            assert f" {name} " in told
        assert "Nothing is answered and nothing is sent by itself." in told

    drive(screen(), script, (80, 34))


@pytest.mark.parametrize("size", SIZES)
def test_a_form_is_shown_in_each_language(screen, size):
    async def script(driver):
        await driver.press("enter")
        for language in ("en", "ru", "fr", "pl", "de", "en"):
            title = catalogue().words["title"][language]
            await driver.sees(title)
            await driver.press("l")
        assert await driver.sees(catalogue().words["title"]["ru"])
        await driver.press("end")
        assert "Free text stands in the language of its writer" in driver.flat

    drive(screen(), script, size)
