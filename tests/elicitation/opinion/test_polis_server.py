"""Against what the Polis production server answered on four conversations."""

import numpy as np
import pytest

from detente.elicitation.opinion.consensus import consensus, group_informed_consensus
from detente.elicitation.opinion.groups import group_labels
from detente.elicitation.opinion.projection import project
from detente.elicitation.opinion.representative import count, representative
from detente.elicitation.opinion.stability import adjusted_rand
from detente.elicitation.opinion.votes import Conversation, clusterable, kept, subset

pytestmark = pytest.mark.conformance

SMALL = (
    "below-100-ptpts",
    "25ptpt-3gp-no-strict-with-meta",
    "50ptpt-3gp-strict-no-meta",
)
ALL = (*SMALL, "150ptpt-3gp-no-strict-no-meta")


@pytest.fixture(params=ALL)
def one(request, served):
    return served(request.param)


@pytest.fixture(params=SMALL)
def small(request, served):
    return served(request.param)


def signs(found, theirs) -> np.ndarray:
    return np.sign((found.components * theirs).sum(axis=1))


def same_order(case) -> tuple[Conversation, np.ndarray]:
    """The conversation with people in the order of Polis's base clusters, and where each went."""
    first = [person for members in case.base for person in members]
    rest = [person for person in range(len(case.labels)) if person not in set(first)]
    order = np.array(first + rest)
    return subset(case.conversation, order), order


def test_rejected_statements_are_those_the_server_zeroed(one):
    assert np.flatnonzero(one.conversation.rejected).tolist() == sorted(one.answer["mod-out"])


def test_components_up_to_sign(one):
    theirs = np.array(one.answer["pca"]["comps"])
    found = project(kept(one.conversation))
    turned = found.components * signs(found, theirs)[:, None]
    assert np.abs(turned - theirs).max() < 1e-9
    assert np.abs(found.means + one.answer["pca"]["center"]).max() < 1e-9


def test_places_of_base_clusters(one):
    theirs = np.array(one.answer["pca"]["comps"])
    found = project(kept(one.conversation))
    # their votes have the other sign, so that their places have it too
    points = -found.points * signs(found, theirs)
    base = one.answer["base-clusters"]
    centres = np.array([points[members].mean(axis=0) for members in one.base])
    assert np.abs(centres - np.column_stack([base["x"], base["y"]])).max() < 1e-9


def test_who_is_placed_but_for_the_first_fifteen_who_stay_in_for_good(one):
    differs = np.flatnonzero(clusterable(one.conversation) != one.placed)
    assert set(differs) <= set(range(15))
    assert one.placed[differs].all()


def test_groups_with_polis_start_and_order(small):
    ordered, order = same_order(small)
    labels = group_labels(ordered, placed=small.placed[order], k=3, start="first")
    assert adjusted_rand(labels[None], small.labels[order])[0] == pytest.approx(1)


def test_groups_of_over_a_hundred_people_nearly(served):
    case = served(ALL[-1])
    labels = group_labels(case.conversation, placed=case.placed, k=3, start="first")
    assert adjusted_rand(labels[None], case.labels)[0] > 0.95


def test_representative_statements_of_our_own_groups(small):
    ordered, order = same_order(small)
    labels = group_labels(ordered, placed=small.placed[order], k=3, start="first")
    found = representative(count(ordered, labels), rejected=ordered.rejected)
    ours = {frozenset((s.statement, s.direction) for s in group) for group in found}
    assert ours == {
        frozenset((row["tid"], row["repful-for"]) for row in rows)
        for rows in small.answer["repness"].values()
    }


def test_representative_statements_figures_and_order_given_groups(one):
    whole = one.conversation
    found = representative(count(whole, one.labels), rejected=whole.rejected)
    for group, ours in enumerate(found):
        theirs = one.answer["repness"][str(group)]
        assert [(s.statement, s.direction) for s in ours] == [
            (row["tid"], row["repful-for"]) for row in theirs
        ]
        for statement, row in zip(ours, theirs, strict=True):
            assert (statement.successes, statement.trials) == (row["n-success"], row["n-trials"])
            assert statement.share == pytest.approx(row["p-success"], abs=1e-12)
            assert statement.share_z == pytest.approx(row["p-test"], abs=1e-12)
            assert statement.ratio == pytest.approx(row["repness"], abs=1e-12)
            # theirs is in single precision
            assert statement.ratio_z == pytest.approx(row["repness-test"], rel=1e-6)


def test_consensus_statements(one):
    whole = one.conversation
    everybody = count(whole, np.zeros(len(whole.people), dtype=np.int64))
    found = consensus(everybody, rejected=whole.rejected)
    for direction in ("agree", "disagree"):
        ours = [s for s in found if s.direction == direction]
        theirs = one.answer["consensus"][direction]
        assert [s.statement for s in ours] == [row["tid"] for row in theirs]
        assert [s.share_z for s in ours] == pytest.approx([row["p-test"] for row in theirs])


def test_group_informed_consensus(one):
    found = group_informed_consensus(count(one.conversation, one.labels))
    theirs = one.answer["group-aware-consensus"]
    assert found == pytest.approx([theirs[str(place)] for place in range(len(found))], abs=1e-12)
