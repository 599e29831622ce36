from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.opinion.clusters import (
    _assigned,
    _lloyd,
    best_clusters,
    distances,
    gathered,
    k_means,
    silhouette,
)


def clouds(*centres: tuple[float, float], size: int = 30, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(centre, 0.3, (size, 2)) for centre in centres])


def plain_silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """Rousseeuw's definition, point by point."""
    scores = []
    for i, own in enumerate(labels):
        distance = np.sqrt(((points - points[i]) ** 2).sum(axis=1))
        same = (labels == own) & (np.arange(len(points)) != i)
        if not same.any():
            scores.append(0.0)
            continue
        a = distance[same].mean()
        b = min(distance[labels == other].mean() for other in set(labels) - {own})
        scores.append((b - a) / max(a, b))
    return float(np.mean(scores))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 100), st.integers(2, 4))
def test_the_silhouette_is_that_of_its_definition(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(17, 2))
    labels = np.concatenate([np.arange(k), rng.integers(0, k, 17 - k)])
    assert silhouette(distances(points), np.ones(17), labels) == pytest.approx(
        plain_silhouette(points, labels)
    )


def test_one_cluster_has_no_silhouette() -> None:
    assert silhouette(np.zeros((3, 3)), np.ones(3), np.zeros(3, np.int32)) == 0.0


@pytest.mark.parametrize("k", [2, 3, 4])
def test_clear_clouds_are_found_and_counted(k: int) -> None:
    centres = [(0.0, 0.0), (6.0, 0.0), (0.0, 6.0), (6.0, 6.0)][:k]
    found = best_clusters(clouds(*centres), np.ones(30 * k))
    assert len(found.centres) == k
    assert all(len(set(found.labels[30 * c : 30 * c + 30])) == 1 for c in range(k))
    assert found.silhouette > 0.8


def test_the_heaviest_cluster_comes_first() -> None:
    points = clouds((0.0, 0.0), (6.0, 0.0))
    weights = np.repeat([1.0, 2.0], 30)
    assert best_clusters(points, weights).labels[-1] == 0


def test_a_wanted_number_of_clusters_is_kept() -> None:
    assert len(best_clusters(clouds((0.0, 0.0)), np.ones(30), count=3).centres) == 3


@pytest.mark.parametrize("points", [np.zeros((5, 2)), np.zeros((1, 2)), np.empty((0, 2))])
@pytest.mark.parametrize("count", [None, 3])
def test_people_in_one_place_are_one_cluster(points: np.ndarray, count: int | None) -> None:
    found = best_clusters(points, np.ones(len(points)), count=count)
    assert found.labels.tolist() == [0] * len(points)
    assert found.silhouette == 0.0


def test_rounds_that_run_out_leave_the_clusters_of_the_last_round() -> None:
    points = clouds((0.0, 0.0), (6.0, 0.0))
    labels, centres, inertia = _lloyd(points, np.ones(60), points[:2].copy(), rounds=1)
    assert set(labels) == {0, 1}
    assert inertia == pytest.approx(
        ((points[:, None] - centres) ** 2).sum(axis=2).min(axis=1).sum()
    )


def test_cells_keep_the_weight_and_its_centre() -> None:
    points, weights = clouds((0.0, 0.0), (3.0, 1.0)), np.arange(1.0, 61.0)
    cells = gathered(points, weights, grid=5, most=0)
    assert len(cells.weights) <= 25
    assert cells.weights.sum() == pytest.approx(weights.sum())
    np.testing.assert_allclose(
        (cells.centres * cells.weights[:, None]).sum(axis=0),
        (points * weights[:, None]).sum(axis=0),
    )
    np.testing.assert_allclose(np.bincount(cells.members, weights), cells.weights)


def test_many_points_cluster_as_few_do() -> None:
    points = clouds((0.0, 0.0), (6.0, 0.0), size=1000)
    found = best_clusters(points, np.ones(2000))
    assert len(found.centres) == 2
    assert len(set(found.labels[:1000])) == 1


def test_k_means_is_no_worse_than_many_random_starts() -> None:
    points = np.random.default_rng(1).normal(size=(80, 2))
    weights = np.ones(80)
    labels, centres = k_means(points, weights, 3)
    ours = ((points - centres[labels]) ** 2).sum()
    rng = np.random.default_rng(2)
    best = np.inf
    for _ in range(30):
        middle = points[rng.choice(80, 3, replace=False)]
        for _ in range(50):
            near = ((points[:, None] - middle) ** 2).sum(axis=2).argmin(axis=1)
            middle = np.array(
                [
                    points[near == c].mean(axis=0) if (near == c).any() else middle[c]
                    for c in range(3)
                ]
            )
        best = min(best, ((points - middle[near]) ** 2).sum())
    assert ours <= best * 1.03


def test_compiled_and_plain_python_agree() -> None:
    points, weights = clouds((0.0, 0.0), (3.0, 1.0), size=5), np.arange(1.0, 11.0)
    centres = points[[0, 7, 9]]
    plain = _assigned.py_func(points, weights, centres)
    for k, compiled in enumerate(_assigned(points, weights, centres)):
        np.testing.assert_allclose(np.asarray(compiled), plain[k])
