# SPDX-License-Identifier: Apache-2.0
"""Writes intervals.csv: scores of labels that are intervals, by mixtures, and their gradients.

  /usr/bin/python3 intervals.py > intervals.csv      (mpmath, 80 digits)

Columns, divided by ';': family, covariance, targets, lower and upper end of the truncation, labels
(two ends per target), raw output (order of columns as MixtureSpec has it; STUDENT_T with learned
degrees of freedom), score, gradient by the raw output. Inputs are doubles, taken exactly.
"""
import importlib.util
import math
import os
import random
from mpmath import mp, mpf

here = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(here, "..", "numerics", "log-mass.py")
loader = importlib.util.spec_from_file_location("log_mass", path)
masses = importlib.util.module_from_spec(loader)
loader.loader.exec_module(masses)

K = 3


def logarithm(y):
    return mp.log(y) if y > 0 else -mp.inf


def log_part(family, lower, upper, mu, s, n):
    log_normal = family == "LOG_NORMAL"
    exact = lower == upper
    if lower == -mp.inf and upper == mp.inf:
        return mpf(0)
    jacobian = mp.log(lower) if log_normal and exact else 0
    if log_normal:
        lower, upper = logarithm(lower), mp.inf if upper == mp.inf else logarithm(upper)
    base = "GAUSSIAN" if log_normal else family
    if lower == -mp.inf and upper == mp.inf:
        return mpf(0)
    a, b = [(e - mu) * mp.exp(-s) if mp.isfinite(e) else e for e in (lower, upper)]
    return masses.log_mass(base, mp.exp(n), a, b, s) - jacobian


def score(case, raw):
    family, spherical, d, low, high, labels = case
    scales = 1 if spherical else d
    z = raw[:K]
    joint, whole = [], []
    for k in range(K):
        n = raw[K + K * d + K * scales + k] if family == "STUDENT_T" else mpf(0)
        part, of_whole = mpf(0), mpf(0)
        for t in range(d):
            mu = raw[K + k * d + t]
            s = raw[K + K * d + k * scales + (0 if spherical else t)]
            lower, upper = labels[2 * t], labels[2 * t + 1]
            if lower != upper:
                lower, upper = max(lower, low), min(upper, high)
            part += log_part(family, lower, upper, mu, s, n)
            of_whole += log_part(family, low, high, mu, s, n)
        joint.append(z[k] + part)
        whole.append(z[k] + of_whole)
    top, most = max(joint), max(whole)
    first = top + mp.log(sum(mp.exp(j - top) for j in joint))
    return most + mp.log(sum(mp.exp(w - most) for w in whole)) - first


def write(family, spherical, d, truncated, reach):
    positive = family == "LOG_NORMAL"
    mu = [random.gauss(0, 1) for _ in range(K * d)]
    s = [random.uniform(-1.5, 1) for _ in range(K * (1 if spherical else d))]
    raw = [random.gauss(0, 1) for _ in range(K)] + mu + s
    if family == "STUDENT_T":
        raw += [random.uniform(-1, 4) for _ in range(K)]
    labels = []
    for t in range(d):
        kind = random.choice(["exact", "below", "above", "between", "narrow", "none"])
        # Not on a common point of the tails, where the likeliest component is all there is
        y = random.gauss(0, 1) + (random.choice([-1, 1]) * reach if reach else 0)
        width = math.exp(random.uniform(-6, 2))
        if positive:
            y = math.exp(y if reach < 100 else y / reach * 300)
            width *= y
        ends = {
            "exact": (y, y),
            "below": (-math.inf, y),
            "above": (y, math.inf),
            "between": (y, y + width),
            "narrow": (y, math.nextafter(y, math.inf)),
            "none": (-math.inf, math.inf),
        }[kind]
        labels += ends
    low, high = -math.inf, math.inf
    if truncated:
        finite = [e for e in labels if math.isfinite(e)] or [0.5]
        gap = random.expovariate(1) * (finite[0] if positive else 1)
        if random.random() < 0.7:
            low = min(finite) - 0.3 * gap
        if random.random() < 0.7 or low == -math.inf:
            high = max(finite) + gap
    exact = [mpf(x) for x in raw]
    case = (family, spherical, d, mpf(low), mpf(high), [mpf(e) for e in labels])
    value = score(case, exact)
    gradient = []
    for i in range(len(raw)):
        h = mpf(10) ** -30
        up, down = list(exact), list(exact)
        up[i] += h
        down[i] -= h
        gradient.append((score(case, up) - score(case, down)) / (2 * h))
    numbers = lambda values: " ".join(repr(float(v)) for v in values)
    results = lambda values: " ".join(mp.nstr(v, 20) for v in values)
    cells = [family, "SPHERICAL" if spherical else "DIAGONAL", str(d), repr(low), repr(high)]
    print(";".join(cells + [numbers(labels), numbers(raw), results([value]), results(gradient)]))


def main():
    random.seed(21)
    for family in ["GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T", "LOG_NORMAL"]:
        for reach in [0, 0, 4, 30, 1e3, 1e6]:
            write(family, False, 1, False, reach)
            write(family, True, 1, True, reach)
            write(family, True, 2, False, reach)
            write(family, False, 3, False, reach)
        for _ in range(4):
            write(family, False, 1, True, random.choice([0, 2, 10]))


if __name__ == "__main__":
    main()
