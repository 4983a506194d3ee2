# SPDX-License-Identifier: Apache-2.0
"""Writes intervals-with-atoms.csv: scores of labels of mixtures with atoms, and of counts.

  /usr/bin/python3 intervals-with-atoms.py > intervals-with-atoms.csv      (mpmath, 80 digits)

Columns, divided by ';': family, atoms, lower and upper end of the truncation, both ends of the label
(equal ones for an exact value), raw output (three components, SPHERICAL; STUDENT_T with learned
degrees of freedom; the atoms' logits at the end), score, gradient by the raw output. With the weights
w of components k and atoms a, which are exp(logit), not normalised, the score is

  -log( sum_k w_k M_k + sum_a w_a )  + log( sum_k w_k W_k + sum of all w_a )

M the density of an exact value that is no atom, 0 of one that is; else the probability of what is
between the ends and in the truncation; of counts that of the integers from one end to the other, both
included, also of exact ones. The second sum is over the atoms in the interval, its ends included. W is
the probability of the truncation. Inputs are doubles, taken exactly.
"""
import importlib.util
import math
import os
import random
from mpmath import mp, mpf

here = os.path.dirname(os.path.abspath(__file__))


def module(*path):
    loader = importlib.util.spec_from_file_location("m", os.path.join(here, *path))
    loaded = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(loaded)
    return loaded


plain = module("intervals.py")
K = 3


def log_counts(l, u, mu, s):
    """Of negative binomial counts, term by term."""
    if l == u == mp.inf or u < l:
        return -mp.inf
    m, a = mp.exp(mu), mp.exp(s)
    r = 1 / a
    y = max(l, min(u, mp.floor(max(0, (1 - a) * m))))
    top = (
        mp.loggamma(y + r) - mp.loggamma(r) - mp.loggamma(y + 1)
        - r * mp.log1p(a * m) + y * mp.log(a * m / (1 + a * m))
    )
    total = mpf(1)
    for step in (1, -1):
        at, w = y, mpf(1)
        while at < u if step > 0 else at > l:
            low = at if step > 0 else at - 1
            ratio = m / (1 + a * m) * (1 + a * low) / (low + 1)
            w *= ratio if step > 0 else 1 / ratio
            at += step
            total += w
            if w < mpf(10) ** -70 * total:
                break
    return top + mp.log(total)


def log_sum(terms):
    top = max(terms)
    return top if top == -mp.inf else top + mp.log(sum(mp.exp(t - top) for t in terms))


def score(case, raw):
    family, atoms, low, high, lower, upper = case
    counts = family == "NEGATIVE_BINOMIAL"
    z, mu, s = raw[:K], raw[K : 2 * K], raw[2 * K : 3 * K]
    n = raw[3 * K : 4 * K] if family == "STUDENT_T" else [mpf(0)] * K
    masses = raw[len(raw) - len(atoms) :] if atoms else []
    exact = lower == upper
    terms = [w for a, w in zip(atoms, masses) if lower <= a <= upper]
    if counts:
        terms += [z[k] + log_counts(max(lower, mpf(0)), upper, mu[k], s[k]) for k in range(K)]
    elif not (exact and terms):
        l, u = (lower, upper) if exact else (max(lower, low), min(upper, high))
        if l < u and not (family == "LOG_NORMAL" and u <= 0) or exact:
            terms += [z[k] + plain.log_part(family, l, u, mu[k], s[k], n[k]) for k in range(K)]
    whole = [z[k] + plain.log_part(family, low, high, mu[k], s[k], n[k]) for k in range(K)] if not counts else z
    return log_sum(list(whole) + list(masses)) - log_sum(terms)


def write(family, count, truncated, reach, kind):
    positive = family == "LOG_NORMAL"
    counts = family == "NEGATIVE_BINOMIAL"
    mu = [random.gauss(2 if counts else 0, 1) for _ in range(K)]
    s = [random.uniform(-1.5, 1) for _ in range(K)]
    raw = [random.gauss(0, 1) for _ in range(K)] + mu + s
    if family == "STUDENT_T":
        raw += [random.uniform(-1, 4) for _ in range(K)]
    y = random.gauss(0, 1) + (random.choice([-1, 1]) * reach if reach else 0)
    width = math.exp(random.uniform(-4, 2)) + (1 if reach > 100 else 0)  # atoms differ as FLOAT
    if positive:
        y = math.exp(y if reach < 100 else y / reach * 80)
        width *= y
    if counts:
        y, width = float(round(abs(y) * 9)), float(math.ceil(width * 3))
    lower, upper = {
        "exact": (y, y),
        "atom": (y, y),
        "below": (-math.inf, y),
        "above": (y, math.inf),
        "between": (y, y + width),
        "narrow": (y, y + 1 if counts else math.nextafter(y, math.inf)),
        "none": (-math.inf, math.inf),
    }[kind]
    far = y + 3 * width + 1
    choices = [upper if lower == -math.inf else lower, y + width / 2, far]  # an end, inside, outside
    if kind == "none":
        choices[0] = y
    if kind == "exact":
        choices = [y + width, y - width if not positive else y / 2, far]
    if counts:
        choices = [float(math.floor(abs(a))) for a in choices]
        while len(set(choices)) < 3:
            choices = [a + i for i, a in enumerate(choices)]
        if kind == "exact":
            choices = [a + 1 if a == y else a for a in choices]
    atoms = sorted(set(choices[:count]))
    raw += [random.choice([random.gauss(0, 1), -200.0, 3.0]) for _ in atoms]
    low, high = -math.inf, math.inf
    if truncated:
        ends = [e for e in [lower, upper] + atoms if math.isfinite(e)]
        low = min(ends) - random.choice([0, random.expovariate(1) * width])
        high = max(ends) + random.expovariate(1) * width if random.random() < 0.6 else math.inf
    case = (family, [mpf(a) for a in atoms], mpf(low), mpf(high), mpf(lower), mpf(upper))
    exact = [mpf(x) for x in raw]
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
    cells = [family, numbers(atoms), repr(low), repr(high), numbers([lower, upper]), numbers(raw)]
    print(";".join(cells + [results([value]), results(gradient)]), flush=True)


def main():
    random.seed(22)
    kinds = ["exact", "atom", "below", "above", "between", "narrow", "none"]
    for family in ["GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T", "LOG_NORMAL", "NEGATIVE_BINOMIAL"]:
        counts = family == "NEGATIVE_BINOMIAL"
        for i, kind in enumerate(kinds):
            reach = [0, 0, 4, 30][i % 4]
            write(family, 1 + i % 3, False, reach, kind)
            write(family, 3 - i % 3, not counts, 0 if counts else reach / 2, kind)
        for kind in ["above", "between", "narrow"]:
            write(family, 2, False, 1e3 if counts else 1e6, kind)
            write(family, 0 if counts else 1, False, 50, kind)


if __name__ == "__main__":
    main()
