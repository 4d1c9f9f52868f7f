"""A second opinion: the model written out as one matrix, solved by scipy's matrix exponential and by LSODA."""

from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from reprieve.domain.pharmacology.formula import evaluate


def values_of(model, covariates, etas=None):
    """Individual parameters of one subject, weight and random effects applied by hand."""
    values = covariates.values_for(model)
    for name, parameter in model.parameters.items():
        scale = values["weight_kg"] / model.standard_weight_kg if parameter.weight_exponent else 1.0
        values[name] = parameter.value * scale ** (parameter.weight_exponent or 0.0)
    for eta in model.etas:
        shift = (etas or {}).get(eta.name, 0.0)
        for name in eta.on:
            if eta.spread == "log":
                values[name] *= np.exp(shift)
            else:
                odds = values[name] / (1 - values[name]) * np.exp(shift)
                values[name] = odds / (1 + odds)
    for name, formula in model.derived.items():
        values[name] = evaluate(formula, values, np)
    return values


def matrix_of(model, values):
    index = {name: place for place, name in enumerate(model.states)}
    matrix = np.zeros((len(index), len(index)))
    for flow in model.flows:
        rate = evaluate(flow.rate, values, np)
        matrix[index[flow.from_], index[flow.from_]] -= rate
        if flow.to is not None:
            share = 1.0 if flow.yield_ is None else evaluate(flow.yield_, values, np)
            matrix[index[flow.to], index[flow.from_]] += rate * share
    for drive in model.drives:
        matrix[index[drive.to], index[drive.from_]] += evaluate(drive.rate, values, np)
    return matrix


def events_of(model, doses, values):
    """Pushes (time, vector) and stretches (start, end, vector per minute)."""
    index = {name: place for place, name in enumerate(model.states)}
    pushes, stretches = [], []
    for dose in doses:
        for row in model.inputs:
            if (row.drug, row.route) != (dose.drug, dose.route):
                continue
            formula = row.fraction_later if dose.device > 1 and row.fraction_later is not None else row.fraction
            vector = np.zeros(len(index))
            vector[index[row.state]] = dose.amount_mg * evaluate(formula, values, np)
            start = dose.at_min + (0.0 if row.lag_min is None else evaluate(row.lag_min, values, np))
            length = dose.duration_min
            if row.zero_order_min is not None:
                length = evaluate(row.zero_order_min, values, np)
            if length > 0:
                stretches.append((start, start + length, vector / length))
            else:
                pushes.append((start, vector))
    return pushes, stretches


def seen_of(model, values):
    """(outputs, states)"""
    index = {name: place for place, name in enumerate(model.states)}
    table = np.zeros((len(model.outputs), len(index)))
    for row, output in enumerate(model.outputs):
        for term in output.terms:
            times = 1.0 if term.times is None else evaluate(term.times, values, np)
            per = 1.0 if term.per is None else evaluate(term.per, values, np)
            table[row, index[term.state]] += times / per
    return table


def solve(model, doses, t_min, covariates, *, etas=None, method="expm"):
    """States (states, t) of one subject; piece by piece between the breaks, so that nothing is smoothed over."""
    values = values_of(model, covariates, etas)
    matrix = matrix_of(model, values)
    pushes, stretches = events_of(model, doses, values)
    breaks = {0.0, float(t_min[-1])} | {time for time, _ in pushes}
    breaks |= {time for start, end, _ in stretches for time in (start, end)}
    breaks = sorted(time for time in breaks if time <= t_min[-1])
    state = np.zeros(len(matrix)) + sum((vector for time, vector in pushes if time == 0.0), 0.0)
    found = np.zeros((len(matrix), len(t_min)))
    found[:, t_min == 0.0] = state[:, None]
    advance = _by_expm if method == "expm" else _by_lsoda
    for start, end in pairwise(breaks):
        inside = (t_min > start) & (t_min <= end)
        points = np.unique(np.concatenate((t_min[inside], [end])))
        rate = sum(
            (vector for begin, stop, vector in stretches if begin <= start and end <= stop), np.zeros(len(matrix))
        )
        reached = advance(matrix, rate, state, start, points)
        found[:, inside] = reached[:, np.searchsorted(points, t_min[inside])]
        jump = sum((vector for time, vector in pushes if time == end), np.zeros(len(matrix)))
        state = reached[:, -1] + jump
        found[:, t_min == end] = state[:, None]
    return found, values


def _by_expm(matrix, rate, state, start, points):
    size = len(matrix)
    extended = np.zeros((size + 1, size + 1))
    extended[:size, :size], extended[:size, size] = matrix, rate
    columns = [expm(extended * (point - start)) @ np.append(state, 1.0) for point in points]
    return np.array(columns).T[:size]


def _by_lsoda(matrix, rate, state, start, points):
    solution = solve_ivp(
        lambda t, x: matrix @ x + rate, (start, points[-1]), state, method="LSODA", t_eval=points,
        jac=lambda t, x: matrix, rtol=1e-11, atol=1e-14,
    )  # fmt: skip
    return solution.y
