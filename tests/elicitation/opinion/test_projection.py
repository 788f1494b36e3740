"""The plane of opinions, against a plain singular value decomposition."""

import numpy as np
import pytest

from detente.elicitation.opinion.projection import project
from detente.elicitation.opinion.votes import Conversation, conversation, kept, subset


def plain(whole, rejected) -> tuple[np.ndarray, np.ndarray]:
    """Means put where votes are missing, centred, decomposed; written out densely."""
    table = np.full(whole.shape, np.nan)
    table[np.repeat(np.arange(whole.shape[0]), whole.votes_cast), whole.columns] = whole.values
    table[:, rejected] = 0
    means = np.nanmean(table, axis=0)
    components = np.linalg.svd(np.where(np.isnan(table), means, table) - means)[2][:2]
    seen = (~np.isnan(table)).sum(axis=1)
    points = np.nan_to_num(table - means) @ components.T
    return components, points * np.sqrt(table.shape[1] / seen)[:, None]


def test_components_and_places(planted):
    whole, _ = planted(60, 12)
    rejected = np.arange(12) == 4
    found = project(kept(moderated(whole, rejected)))
    components, points = plain(whole, rejected)
    signs = np.sign((components * found.components).sum(axis=1))
    np.testing.assert_allclose(found.components, components * signs[:, None], atol=1e-12)
    np.testing.assert_allclose(found.points, points * signs, atol=1e-12)


def moderated(whole, rejected) -> Conversation:
    rows = np.repeat(np.arange(whole.shape[0]), whole.votes_cast)
    table, voted = np.zeros(whole.shape, dtype=np.int8), np.zeros(whole.shape, dtype=bool)
    table[rows, whole.columns], voted[rows, whole.columns] = whole.values, True
    return conversation(table, voted, rejected=rejected)


def test_order_of_people_changes_nothing(planted):
    whole, _ = planted(60, 12)
    order = np.random.default_rng(1).permutation(60)
    straight, shuffled = project(kept(whole)), project(kept(subset(whole, order)))
    np.testing.assert_allclose(shuffled.components, straight.components, atol=1e-10)
    np.testing.assert_allclose(shuffled.points, straight.points[order], atol=1e-10)


def test_single_precision_of_large_tables_is_close(planted, monkeypatch):
    whole, _ = planted(300, 40)
    double = project(kept(whole))
    monkeypatch.setattr("detente.elicitation.opinion.votes._EXACT", 0)
    single = project(kept(whole))
    assert np.abs(single.components - double.components).max() < 1e-4
    assert np.abs(single.points - double.points).max() < 1e-3


def test_sign_is_fixed(planted):
    whole, _ = planted(60, 12)
    assert (project(kept(whole)).components.sum(axis=1) > 0).all()


@pytest.mark.parametrize("statements", [1, 2])
def test_few_statements_have_a_plane_too(statements):
    votes = np.array([[1, 1], [-1, 1], [1, -1], [0, 0]], dtype=np.int8)[:, :statements]
    found = project(kept(conversation(votes, np.ones_like(votes, dtype=bool))))
    assert found.components.shape == (2, statements)
    assert np.isfinite(found.points).all()
