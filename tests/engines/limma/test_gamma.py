"""Gamma regression with identity link: R's rules at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from dermshift.engines.limma.gamma import damped_step, deviance, gamma_components

D = np.repeat([0.0, 2.0], 6)


def test_two_strata_have_their_means_as_the_answer():
    rng = np.random.default_rng(0)
    y = rng.gamma(0.5, 1.0, (40, 12)) * np.where(D > 0, 5.0, 1.0)
    low, high = y[:, :6].mean(axis=1), y[:, 6:].mean(axis=1)
    start = np.column_stack([y.mean(axis=1), np.zeros(40)])
    found = gamma_components(y, D, start)
    np.testing.assert_allclose(found, np.column_stack([low, (high - low) / 2]), rtol=1e-3)
    closer = gamma_components(y, D, start, tolerance=1e-14, iterations=200)
    np.testing.assert_allclose(closer, np.column_stack([low, (high - low) / 2]), rtol=1e-6)


def test_the_deviance_is_infinite_for_negative_means_and_skips_pairs_of_zeros():
    y, mu = np.array([[1.0, 2.0], [0.0, 2.0], [0.0, 0.0]]), np.array([[1.0, -1.0], [0.0, 2.0], [0.0, 0.0]])
    np.testing.assert_array_equal(deviance(y, mu), [np.inf, 0, 0])
    assert deviance(np.array([[1.0, 3.0]]), np.array([[2.0, 2.0]]))[0] == pytest.approx(-2 * np.log(3 / 4))
    assert deviance(np.array([[0.0, 3.0]]), np.array([[1.0, 2.0]]))[0] == np.inf  # log of zero, as in R


def test_silence_is_zero_and_a_mean_of_zero_under_a_value_is_an_error():
    y = np.array([np.zeros(12), np.r_[np.ones(6), np.zeros(6)]])
    start = np.array([[0.0, 0.0], [0.0, 0.5]])  # the second has mean 0 where y is 1
    found = gamma_components(y, D, start)
    np.testing.assert_array_equal(found[0], [0, 0])
    assert np.isnan(found[1]).all()


def test_a_step_solves_its_damped_equations_and_names_those_without_a_factor():
    info = np.array([[4.0, 1.0, 3.0], [1.0, 2.0, 1.0]])
    damping, score = np.array([0.5, 0.0]), np.array([[1.0, 2.0], [1.0, 1.0]])
    step, singular = damped_step(info, damping, score)
    np.testing.assert_allclose(np.array([[4.5, 1.0], [1.0, 3.5]]) @ step[0], score[0], rtol=1e-14)
    assert singular.tolist() == [False, True]


def test_inputs_are_left_alone():
    y = np.random.default_rng(1).gamma(0.5, 1.0, (5, 12))
    start = np.column_stack([y.mean(axis=1), np.zeros(5)])
    copies = y.copy(), start.copy()
    gamma_components(y, D, start)
    np.testing.assert_array_equal(y, copies[0])
    np.testing.assert_array_equal(start, copies[1])
