"""A small valid case with every kind of file, and ways to plant faults in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detente.case.read import examine
from detente.ground.errors import Finding

CASE = """\
format: detente/case/1
title: {en: Two shores, fr: Deux rives}
edition: 2020-12
date: 2021-01-31
as_of: 2021-01-31
positions_until: 2021-01
summary: Two shores share a strait.
parties:
  - {id: AA, name: Alder, real: false, heard: panel}
  - {id: NO, name: Norland, real: false, heard: panel}
  - id: CC
    name: Cedar
    real: false
    heard: not-heard
    affected: Its boats fish in the strait.
sides:
  - {id: west, name: West shore, parties: [AA]}
  - {id: east, name: East shore, parties: [NO]}
tracks:
  - id: T1
    name: Track of the two shores
    parties: [AA, NO]
    workshops: [{id: W1, date: 2021-01-10, place: online}]
    released: [AA, NO]
    released_reasons: [NO]
    expected: {AA: 3, NO: 3}
horizon_years: 10
languages: [en, fr]
min_cell: 2
seed: 7
illustrative: true
"""

SOURCES = """\
format: detente/sources/1
sources:
  - id: note
    title: Joint note
    date: 2020-06-01
    status: verified
"""

RISKS = """\
format: detente/risks/1
risks:
  - id: R1
    title: An exchange of fire
    pathway: escalatory
    domain: sea
    source: note
  - {id: R2, title: A false alarm, pathway: accidental, domain: air}
"""

MEASURES = """\
format: detente/measures/1
defaults: {basis: illustrative, source: invented, date: 2021-01-31, status: unverified}
measures:
  - id: M1
    area: 3
    title: A line between the commands
    source: note
    seen: second-hand
    acts:
      - {on: call-late, how: odds-ratio, value: {low: 0.2, high: 0.8}}
    unilateral: false
    verifiability: observed
    decided_by:
      - {party: AA, who: Ministry, level: political}
    status:
      - {state: needs-agreement, since: 2020-06-01, source: note}
  - id: M2
    area: 2
    title: An agreed distance
    seen: unverified
    acts:
      - {on: approaches, how: rate-ratio, value: {low: 0.4, mid: 0.6, high: 0.95}}
    needs: [M1]
    unilateral: true
    verifiability: declared
    step:
      parts:
        - {by: west, does: Its boats stay away.}
        - {by: east, does: Its boats stay away.}
      verified: Both keep records.
      months: 3
      if_stopped: The other may stop as well.
  - id: M3
    area: 2
    title: No patrols at night
    seen: unverified
    excludes: [M2]
    saturates_with: [M1]
    unilateral: true
    verifiability: none
"""

LADDER = """\
format: detente/ladder/1
defaults: {basis: illustrative, source: invented, date: 2021-01-31, status: unverified}
levels: [contained, exchange, war]
headline: exchange
parameters:
  - {id: approaches, kind: rate, low: 2, high: 8}
  - {id: damage, kind: probability, low: 0.02, high: 0.10}
  - {id: call-late, kind: probability, low: 0.2, high: 0.6}
  - {id: misread, kind: probability, low: 0.05, high: 0.3}
  - id: ordered
    kind: rate
    value: 1e-3
    basis: source
    source: note
events:
  - {id: slow, p: call-late}
  - {id: taken-for-attack, all_of: [slow, misread]}
ladders:
  - id: at-sea
    title: A close approach with damage
    branch: accident
    starts: approaches
    risk: R1
    path:
      - {event: A boat is damaged, p: damage, otherwise: contained}
      - event: It is taken for an attack
        p: taken-for-attack
        otherwise:
          path:
            - {event: A warning shot is answered, p: misread, otherwise: contained}
          ends: exchange
    ends: war
  - id: attack
    title: An attack that was ordered
    branch: deliberate
    starts: ordered
    ends: war
beliefs:
  - id: eastern
    title: As the east reads it
    held_by: NO
    numbers:
      - {id: misread, kind: probability, low: 0.2, high: 0.6}
    without: [attack]
    acts:
      - {measure: M2, on: approaches, how: rate-ratio, value: {low: 0.7, high: 1.2}}
published:
  - {id: almanac, about: An exchange, unit: probability-per-year, low: 0.005, high: 0.05}
"""

QUESTIONS = """\
format: detente/questions/1
questions:
  - {id: Q1, kind: likelihood, text: 'How likely?'}
  - {id: Q2, kind: priority, text: 'Which first?'}
  - {id: Q3, kind: gain, text: 'What gain?'}
  - {id: Q4, kind: red-line, text: 'A red line?'}
  - {id: Q5, kind: reassurance-expected, text: 'How reassured are they?'}
  - {id: Q6, kind: reassurance-received, text: 'How reassured are you?'}
  - {id: Q7, kind: cost, text: 'What cost?'}
  - {id: Q8, kind: kept, text: 'Is it kept?'}
  - {id: Q9, kind: consequence, text: 'How grave?'}
  - {id: Q10, kind: pairwise, text: 'Which of two?'}
  - {id: Q11, kind: best-worst, text: 'Which first, which last?'}
  - {id: Q12, kind: expected-say, text: 'What will they say?'}
  - {id: Q13, kind: expected-fear, text: 'What do they fear?'}
  - {id: Q14, kind: expected-do, text: 'What will they do?'}
  - {id: Q15, kind: quantity, text: 'How much?'}
  - {id: Q16, kind: statement, text: 'Agreed?'}
quantities:
  - {id: E1, title: They stay in port, scale: probability, known: 1, source: note}
  - {id: E2, title: A clash this month, scale: probability}
  - {id: E3, title: A clash this year, scale: probability}
  - {id: E4, title: Boats at sea, scale: positive, unit: boats}
  - {id: E5, title: It spreads, scale: probability}
  - {id: E6, title: A clash that spreads, scale: probability}
chains:
  - {id: C1, shorter: E2, longer: E3, times: 12}
  - {id: C2, steps: [E3, E5], direct: E6}
themes:
  - {id: near, title: Too near}
  - {id: trust, title: No trust}
"""

POLICIES = """\
format: detente/policies/1
defaults: {basis: illustrative, source: invented, date: 2021-01-31, status: unverified}
policies:
  - id: P1
    party: AA
    title: Patrols
    answers: [R1]
    felt:
      - {party: NO, risk: R2, raises: {low: 5, high: 9}}
    own_view:
      - {party: NO, risk: R2, raises: {value: 3}}
    cut_by:
      - {measure: M3, party: NO, why: No boat comes close in the dark.}
    source: note
"""

PACKAGES = """\
format: detente/packages/1
defaults: {basis: illustrative, source: invented, date: 2021-01-31, status: unverified}
budgets:
  - id: B1
    title: {en: Crews, fr: Equipages}
    unit: people
    limit: {low: 12, high: 20}
    parties: [AA, east]
    costs: {M1: 8, M2: 5, M3: 1}
synergies:
  - measures: [M1, [M2, M3]]
    gains:
      west: {low: 2, high: 8}
      east: {value: -1}
    why: They know whom to call.
groups:
  - id: G1
    title: Things that can be seen
    measures: [M1, M2, M3]
    at_least: 1
    at_most: 2
    why: Both shores ask for one.
"""

STATEMENTS = """\
format: detente/statements/1
threshold: 0.7
statements:
  - {id: S1, text: Both shores should announce exercises.}
  - {id: S2, text: The other shore keeps what it promises., source: note}
"""

CALENDAR = """\
format: detente/calendar/1
windows:
  - id: talks
    title: Talks of the two shores
    start: 2021-04-12
    end: 2021-04-13
    parties: [west, NO]
    source: note
    note: The days are announced.
  - {id: games, title: Spring games, start: 2021-03, kind: exercise, source: note}
waits:
  - measure: M1
    after: [games]
    within: [talks]
"""

COMMITMENTS = """\
format: detente/commitments/1
commitments:
  - id: C1
    party: NO
    measure: M1
    title: To answer calls
    since: 2020-06-01
    until: 2022-06-01
    source: note
"""

POSITIONS = """\
# detente/positions/1
party,measure,position,date,document,place,url,words,status,note
AA,M1,offered,2020-06-01,Joint note,page 2,,"Names the line,
as a next step",verified,
NO,M1,conditional,2020-06-01,Joint note,page 3,,Once tested,verified,
NO,M2,refused,2020-07,Joint note,page 3,,,second-hand,
"""

INCIDENTS = """\
# detente/incidents/1
id,date,place,lat,lon,domain,actor_a,actor_b,activity,distance_m,injury,account_a,account_b,\
civil_involved,initiates,reported_by,url,status,note
I1,2020-03-04,Mid strait,55.5,20.25,sea,AA,NO,close-approach,60,none,It turned,It came,no,at-sea,\
Both,,unverified,
I2,2020-04,Mid strait,,,air,NO,AA,close-approach,,not-known,,,,,Both,,unverified,
"""

GRADES = """\
# detente/grades/1
incident,coder,grade,source,status
I1,coder-1,serious,,unverified
I1,coder-2,near-routine,,unverified
I2,coder-1,serious,,unverified
"""

COUNTS = """\
# detente/counts/1
id,start,end,what,count,qualifier,by,url,status,note
N1,2020-01-01,2020-12-31,Close approaches,5,at least,Alder,,unverified,
"""

REASONS = """\
# detente/reasons/1
id,participant,party,track,question,item,words,basis
W1,a-1,AA,T1,Q1,R1,They come close at night.,illustrative
W2,n-1,NO,T1,Q1,R1,Nobody answers calls.,illustrative
"""

CODES = """\
# detente/codes/1
reason,coder,theme
W1,c1,near
W1,c2,near
W2,c1,trust
W2,c2,trust
"""

CRITERIA = """\
format: detente/criteria/1
defaults: {basis: illustrative, source: invented, date: 2021-01-31, status: unverified}
criteria:
  - {id: CL, title: Clash, kind: risk, what: With to without, worst: 1.5, best: 0.2}
  - id: FR
    title: {en: Freedom, fr: Liberté}
    kind: freedom-of-action
    what: Points against today
    worst: -10
    best: 10
    unit: points
  - {id: CO, title: Cost, kind: cost, what: The answers, worst: 10, best: 0, unit: points}
  - {id: RE, title: Reassurance, kind: reassurance, what: The answers, worst: 0, best: 10}
  - {id: OT, title: Standing, kind: other, what: Not agreed, holds_reassurance: false}
weights:
  - {party: AA, swing: {CL: 100, FR: 60, CO: 20, RE: 20}, note: In the room}
  - party: NO
    ratios:
      - {of: FR, to: CL, low: 1, high: 3}
      - {of: CL, to: RE, low: 1}
trend:
  - {party: NO, criterion: FR, low: -3, high: -1}
"""

SCORES = """\
# detente/scores/1
party,measure,criterion,low,value,high,basis,source,date,status,note
AA,M1,FR,-2,0,1,illustrative,invented,2021-01-31,unverified,
AA,M2,FR,,-4,,illustrative,invented,2021-01-31,unverified,A point
NO,M1,FR,-2,1,3,illustrative,invented,2021-01-31,unverified,
NO,M2,FR,0,2,5,illustrative,invented,2021-01-31,unverified,
"""

ANSWERS = """\
# detente/answers/1
participant,party,track,round,question,item,about,low,value,high,confidence,date,basis
"""
_PEOPLE = (("a-1", "AA", 0), ("a-2", "AA", 1), ("n-1", "NO", 2), ("n-2", "NO", 3))


def _answers() -> str:
    rows = []
    for person, party, shift in _PEOPLE:
        other = "east" if party == "AA" else "west"
        likely = 0.05 + 0.02 * shift
        cells = [
            *(f"Q1,{risk},,{likely / 2:g},{likely:g},{likely * 2:g}" for risk in ("R1", "R2")),
            *(f"Q2,{risk},,,{rank}," for rank, risk in enumerate(("R1", "R2"), start=1)),
            *(f"Q9,{risk},,{2 + shift},{4 + shift},{6 + shift}" for risk in ("R1", "R2")),
            "Q10,R1,R2,,1,",
            "Q11,R1,set-1,,1,",
            "Q11,R2,set-1,,-1,",
            *(f"Q12,{risk},{other},,{likely:g}," for risk in ("R1", "R2")),
            *(f"Q13,{risk},{other},,{likely / 2:g}," for risk in ("R1", "R2")),
            f"Q14,E1,{other},,0.{5 + shift},",
            *(f"Q15,{event},,0.01,0.0{2 + shift},0.1" for event in ("E2", "E3", "E5", "E6")),
            f"Q15,E4,,3,{5 + shift},12",
            *(f"Q16,{name},,,{1 - shift % 3}," for name in ("S1", "S2")),
        ]
        for measure in ("M1", "M2"):
            cells += [
                f"Q3,{measure},,{5 - shift},{20 - 4 * shift},{40 - shift}",
                f"Q4,{measure},,,0,",
                f"Q5,{measure},{other},,{4 + shift},",
                f"Q6,{measure},{other},,{8 - shift},",
                f"Q7,{measure},,,{shift},",
                f"Q8,{measure},{other},,0.{7 - shift},",
            ]
        rows += [f"{person},{party},T1,1,{row},,2021-01-10,illustrative" for row in cells]
    return ANSWERS + "\n".join(rows) + "\n"


def mini() -> dict[str, str]:
    """The texts of the case by path; it passes the check without a note."""
    return {
        "case.yaml": CASE,
        "sources.yaml": SOURCES,
        "risks.yaml": RISKS,
        "measures.yaml": MEASURES,
        "ladder.yaml": LADDER,
        "questions.yaml": QUESTIONS,
        "statements.yaml": STATEMENTS,
        "criteria.yaml": CRITERIA,
        "policies.yaml": POLICIES,
        "packages.yaml": PACKAGES,
        "calendar.yaml": CALENDAR,
        "commitments.yaml": COMMITMENTS,
        "positions.csv": POSITIONS,
        "incidents.csv": INCIDENTS,
        "grades.csv": GRADES,
        "counts.csv": COUNTS,
        "reasons.csv": REASONS,
        "codes.csv": CODES,
        "scores.csv": SCORES,
        "answers/T1.csv": _answers(),
    }


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files of a case into ``folder``, byte for byte."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def replaced(text: str, old: str, new: str) -> str:
    """``text`` with its one ``old`` made ``new``."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def found(folder: Path, files: Mapping[str, str | bytes]) -> list[Finding]:
    """The findings of the mini case with ``files`` in the place of its own."""
    case, findings = examine(write(folder, {**mini(), **files}))
    assert (case is None) == any(finding.level == "error" for finding in findings)
    return list(findings)


@dataclass(frozen=True)
class Fault:
    """A fault to plant, and the one finding that it must give.

    In ``file`` the one ``old`` is made ``new``; the finding stands on the last line of ``new``, or
    on the first that has ``at``.
    """

    file: str
    old: str
    new: str
    key: str
    problem: str
    mend: str
    at: str = ""

    def __str__(self) -> str:
        return f"{self.file} {self.key} {self.problem}"

    def line(self, text: str) -> int:
        """The line of the finding in the faulty text."""
        if self.at:
            return line_of(text, self.at)
        before = mini()[self.file].index(self.old)
        return text.count("\n", 0, before + len(self.new.rstrip())) + 1


def faults(table: str) -> list[Fault]:
    """Faults from two lines each: file, old and new; key, problem, mend and, where needed, at.

    A vertical line parts the cells, ``\\n`` is a line end, a backslash joins two lines,
    and ``-`` is no key.
    """
    lines = re.sub(r"\\\n *", "", table.strip()).splitlines()
    lines = [line.strip().replace("\\n", "\n") for line in lines]
    rows = [line.split(" | ") for line in lines if line]
    found = []
    for (file, old, new), (key, problem, mend, *at) in zip(rows[::2], rows[1::2], strict=True):
        found.append(Fault(file, old, new, key.removeprefix("-"), problem, mend, "".join(at)))
    return found


def plant(folder: Path, fault: Fault) -> None:
    """Plant ``fault``: it is found where it stands, and nothing else is."""
    text = replaced(mini()[fault.file], fault.old, fault.new)
    wanted = Finding(fault.file, fault.line(text), fault.key, fault.problem, fault.mend)
    assert found(folder, {fault.file: text}) == [wanted]


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which the first ``part`` of ``text`` begins."""
    return text.count("\n", 0, text.index(part)) + 1
