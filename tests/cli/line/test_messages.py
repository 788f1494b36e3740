"""`detente line forms`, `send`, `inbox`, `show`, `read`: from an empty form to a signed receipt."""

from __future__ import annotations

import json

import pytest
from tests.cli.line.sides import EXAMPLES, done, exchange, queued, run, send, told

from detente.cli.line.demo import people
from detente.ground.errors import UsageError
from detente.ground.forms.catalogue import catalogue
from detente.ground.forms.parse import parse

ASKS = "AAA-2026-0001"


def test_the_examples_are_those_of_the_demonstration():
    for name in ("asks", "gives"):
        message = parse((EXAMPLES / f"{name}.txt").read_bytes())
        assert message == people.form(name)
        assert message.header.drill


def test_forms_are_listed_printed_and_filled_in_from_a_folder(line):
    assert "incident-clarification" in done("forms")
    assert {"reply", "drill"} <= {one["id"] for one in told("forms")["forms"]}
    assert "ДРИЛЛ" not in done("forms", "reply", "--language", "ru")
    assert parse(done("forms", "exercise", "--example", "--language", "de")).form == "exercise"
    empty = done("forms", "reply", "--line", line / "AAA")
    assert "\nNumber: AAA-2026-0001\n" in empty
    assert empty.endswith("END OF MESSAGE: AAA-2026-0001\n")
    assert "\nTo: BBB\n" in empty
    assert isinstance(run("forms", "letter").exception, UsageError)
    assert isinstance(run("forms", "--language", "xx").exception, UsageError)


def test_send_shows_both_readings_and_queues_one_released_draft(line):
    text = done(*send(line))
    assert text.startswith("not an accredited state channel")
    assert "DRILL DRILL DRILL" in text
    assert "close approach at sea" in text
    assert catalogue().phrases["close_approach_sea"]["ru"] in text
    assert "no treaty notice by itself" in text
    (item,) = queued(line / "AAA")
    assert item["item"] == "draft"
    assert [officer for officer, _ in item["message"]["releases"]] == [2, 3]
    assert told("status", line / "AAA")["view"]["counts"]["waiting"] == 1


@pytest.mark.parametrize("more", [("--dry-run",), ("--dry-run", "--json")])
def test_a_trial_queues_nothing(line, more):
    done(*send(line, *more))
    assert queued(line / "AAA") == []


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_queued(line):
    bad = line / "bad.txt"
    text = (EXAMPLES / "asks.txt").read_text().replace("From: AAA", "From: BBB")
    text = text.replace("AAA-2026-0001", "BBB-2026-0001")
    text = text.replace("To: BBB", "To: CCC")
    bad.write_text(text.replace("Reference: none", "Reference: AAA-2026-0099"))
    more = ("--officer", 7, "--expires", "2026-01-01T00:00Z", "--json")
    result = run("send", line / "AAA", bad, *more)
    assert result.exit_code == 1
    keys = {one["key"] for one in json.loads(result.stdout)["findings"]}
    assert {"from", "to", "answers", "--officer", "--second", "--expires"} <= keys
    assert queued(line / "AAA") == []


def test_a_form_that_is_cut_is_refused(line):
    bad = line / "bad.txt"
    bad.write_text("\n".join((EXAMPLES / "asks.txt").read_text().splitlines()[:-1]))
    result = run(*send(line, form=bad))
    assert result.exit_code == 1
    assert "bad.txt" in result.output
    officer = run("send", line / "AAA", bad, "--officer", 7, "--json")
    assert "--officer" in {one["key"] for one in json.loads(officer.stdout)["findings"]}
    assert queued(line / "AAA") == []


def test_a_read_back_that_differs_refuses(line):
    said = (EXAMPLES / "asks.said").read_text()
    wrong = line / "wrong"
    wrong.write_text(said.replace("58°12", "58°21").replace("dead: 0 persons\n", ""))
    result = run(*send(line, "--said", wrong))
    assert result.exit_code == 1
    assert "58°12.4000′N" in result.output
    assert "was not said again" in result.output
    assert queued(line / "AAA") == []


def test_a_wrong_passphrase_releases_nothing(line):
    (line / "officers").write_text("first passphrase\nanother passphrase\n")
    assert isinstance(run(*send(line)).exception, UsageError)
    assert queued(line / "AAA") == []


def test_a_person_types_the_read_back_and_the_passphrases(line):
    values = [row.partition(": ")[2] for row in (EXAMPLES / "asks.said").read_text().splitlines()]
    typed = "\n".join([*values, "first passphrase", "second passphrase"]) + "\n"
    arguments = ("--officer", 2, "--second", 3)
    done("send", line / "AAA", EXAMPLES / "asks.txt", *arguments, typed=typed)
    assert len(queued(line / "AAA")) == 1


def test_a_number_is_used_once_even_while_its_draft_waits(line):
    done(*send(line))
    result = run(*send(line))
    assert result.exit_code == 1
    assert "write AAA-2026-0002" in result.output
    assert len(queued(line / "AAA")) == 1


def test_inbox_tells_what_came_and_where_it_stands(asked):
    text = done("inbox", asked / "BBB")
    assert f"{ASKS} DRILL" in text
    assert "stored" in text
    assert "no treaty notice by itself" in text
    (message,) = told("inbox", asked / "BBB")["messages"]
    assert (message["number"], message["standing"]) == (ASKS, "stored")
    assert told("inbox", asked / "AAA", "--sent")["messages"][0]["standing"] == "stored"
    assert "No message yet" in done("inbox", asked / "AAA")


def test_show_says_shown_once_and_read_is_signed_by_an_officer(asked):
    text = done("show", asked / "BBB", ASKS, "--language", "ru")
    assert text.startswith("not an accredited state channel")
    assert text.count("DRILL DRILL DRILL") == 2
    assert catalogue().phrases["close_approach_sea"]["ru"] in text
    assert "no treaty notice by itself" in text
    exchange(asked / "AAA", asked / "BBB")
    assert told("show", asked / "BBB", ASKS)["receipt_queued"] is False
    read = ("--officer", 3, "--said", EXAMPLES / "asks.said", "--passphrase-file")
    (asked / "second").write_text("second passphrase\n")
    done("read", asked / "BBB", ASKS, *read, asked / "second")
    exchange(asked / "AAA", asked / "BBB")
    (message,) = told("inbox", asked / "AAA", "--sent")["messages"]
    steps = message["passages"][0]["steps"]
    assert [one["step"] for one in steps] == ["stored", "shown", "read"]
    assert (steps[2]["officer"], steps[2]["name"]) == (3, "Birch")
    assert ["dead", "0 persons"] in steps[2]["said"]
    assert "read, 3 Birch" in done("show", asked / "AAA", ASKS)
    assert "read and receipted before" in str(
        run("read", asked / "BBB", ASKS, *read, asked / "second").exception
    )


def test_read_refuses_what_differs_and_who_may_not(asked):
    wrong = asked / "wrong"
    wrong.write_text((EXAMPLES / "asks.said").read_text().replace("injured: 0", "injured: 1"))
    read = ("--said", wrong, "--passphrase-file", asked / "officers")
    result = run("read", asked / "BBB", ASKS, "--officer", 2, *read)
    assert result.exit_code == 1
    assert "injured" in result.output
    assert isinstance(run("read", asked / "BBB", ASKS, "--officer", 9, *read).exception, UsageError)
    assert isinstance(run("read", asked / "AAA", ASKS, "--officer", 2, *read).exception, UsageError)
    assert isinstance(run("show", asked / "BBB", "AAA-2026-0009").exception, UsageError)
    assert queued(asked / "BBB") == []


def test_an_answer_in_russian_answers_the_question(asked):
    done("show", asked / "BBB", ASKS)
    read = ("--said", EXAMPLES / "asks.said", "--passphrase-file", asked / "officers")
    done("read", asked / "BBB", ASKS, "--officer", 2, *read)
    gives = people.form("gives")
    (asked / "said").write_text("".join(f"{k}: {v}\n" for k, v in people.typed(gives).items()))
    officers = ("--officer", 2, "--second", 3, "--passphrase-file", asked / "officers")
    done("send", asked / "BBB", EXAMPLES / "gives.txt", "--said", asked / "said", *officers)
    exchange(asked / "AAA", asked / "BBB")
    assert told("inbox", asked / "AAA", "--sent")["messages"][0]["standing"] == "answered"
    text = done("show", asked / "AAA", "BBB-2026-0001", "--language", "en")
    assert f"It answers {ASKS}" in text
    assert "technical fault" in text
    assert "Человек спасён" in text  # free text stays as it was written
