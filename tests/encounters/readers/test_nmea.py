"""AIS sentences: times of receipt, parts, claims, and what is broken."""

import pyais
import pytest

# E. S. Raymond, "AIVDM/AIVDO protocol decoding": 477553000, 47.582833 N, 122.345832 W, 51.0 deg
RAYMOND = "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C"
AT = 1641168000


def stamped(sentence, seconds=AT, more=""):
    body = f"{more}c:{seconds}"
    check = 0
    for letter in body.encode():
        check ^= letter
    return f"\\{body}*{check:02X}\\{sentence}"


def encoded(**fields):
    return pyais.encode_dict({"mmsi": 219000001, **fields}, talker_id="AI")


def position(**fields):
    (sentence,) = encoded(**{"type": 1, "lat": 55.5, "lon": 12.25, "speed": 10.0, **fields})
    return sentence


def refused(reading):
    return {one.reason: (one.count, one.lines) for one in reading.refused}


def test_a_published_message(read):
    found, reading = read(stamped(RAYMOND) + "\n", "a.nmea")
    assert reading.layout == "nmea"
    assert found.craft[0].id == "477553000"
    assert found.lat[0] == pytest.approx(47.582833, abs=1e-6)
    assert found.lon[0] == pytest.approx(-122.345832, abs=1e-5)
    assert (found.course_deg[0], found.speed_ms[0], found.seconds[0]) == (51.0, 0.0, AT)


@pytest.mark.parametrize(
    "line",
    [
        stamped(RAYMOND),
        stamped(RAYMOND, AT * 1000),
        stamped(RAYMOND, more="s:r0042,"),
        f"{AT} {RAYMOND}",
        f"2022-01-03T00:00:00Z {RAYMOND}",
        f"2022-01-03 00:00:00,{RAYMOND}",
        f"{RAYMOND},r003669945,{AT}",
    ],
)
def test_times_of_receipt(read, line):
    found, _ = read(line + "\n")
    assert found.seconds.tolist() == [AT]


def test_without_any_time_there_is_one_clear_finding(findings):
    (finding,) = findings("\n".join([RAYMOND] * 50))
    assert "without any time" in finding.problem
    assert "tag block" in finding.mend


def test_kinds_of_positions_and_their_bounds(read):
    lines = [
        stamped(position(accuracy=1)),
        stamped(position(type=18, mmsi=219000002)),
        stamped(position(type=27, mmsi=219000003, accuracy=1, speed=5)),
        stamped(position(type=9, mmsi=111219501, alt=300, speed=120)),
    ]
    found, _ = read("\n".join(lines))
    assert [(one.id, one.domain) for one in found.craft] == [
        ("219000001", "sea"),
        ("219000002", "sea"),
        ("219000003", "sea"),
        ("111219501", "air"),
    ]
    assert found.error[0] == 10
    assert found.error[1] != found.error[1]  # not stated
    assert found.error[2] == pytest.approx(141, abs=1)
    assert found.height[3] == 300
    assert found.speed_ms[0] == pytest.approx(10 * 1852 / 3600)


def test_claims_of_several_parts_and_of_class_b(read):
    parts = encoded(
        type=5,
        shipname="KDM ALFA",
        callsign="OUAB",
        ship_type=35,
        imo=9000001,
        to_bow=60,
        to_stern=40,
        to_port=7,
        to_starboard=8,
    )
    assert len(parts) == 2
    (other,) = encoded(type=24, partno=0, shipname="BRAVO", mmsi=219000002)
    lines = [
        stamped(parts[0], more="g:1-2-77,"),
        stamped(position()),
        parts[1].join([r"\g:2-2-77*00" + "\\", ""]),
        stamped(other),
        stamped(position(mmsi=219000002)),
    ]
    found, reading = read("\n".join(lines))
    alfa, bravo = found.craft
    assert {claim.key: claim.value for claim in alfa.claims} == {
        "name": "KDM ALFA",
        "callsign": "OUAB",
        "ship-type": "35",
        "imo": "9000001",
        "length": "100",
        "width": "15",
        "mmsi": "219000001",
    }
    assert bravo.claims[0].value == "BRAVO"
    assert (reading.rows, reading.kept) == (2, 2)
    assert {one.what: one.value for one in reading.told}["other-messages"] == "5: 1, 24: 1"


def test_what_is_broken_is_counted_by_its_line(read):
    (station,) = encoded(type=4, mmsi=2190071, lat=55, lon=12)
    first, _second = encoded(type=5, shipname="HALF")
    broken = position().replace("*", "*0")[:-1]
    (away,) = encoded(type=1, lat=91.0, lon=181.0)
    lines = [stamped(position()), stamped(station), broken, "$GPGGA,nothing", stamped(first)]
    lines += [stamped(away), "# a comment", "", "!AIVDM,1,1,,A,,0*26", RAYMOND]
    found, reading = read("\n".join(lines))
    assert len(found) == 1
    assert refused(reading) == {
        "no-track": (1, (2,)),
        "checksum": (1, (3,)),
        "undecodable": (1, (4,)),
        "incomplete": (1, (5,)),
        "no-position": (1, (6,)),
        "no-time": (1, (10,)),
    }


def test_noise_never_raises_anything_else(read):
    import numpy as np

    rng = np.random.default_rng(7)
    lines = [stamped(RAYMOND)]
    for _ in range(300):
        raw = bytearray(stamped(RAYMOND).encode())
        for place in rng.integers(0, len(raw), 3):
            raw[place] = rng.integers(32, 127)
        lines.append(raw.decode())
    found, reading = read("\n".join(lines))
    assert reading.rows == reading.kept + sum(one.count for one in reading.refused)
    assert len(found) >= 1
