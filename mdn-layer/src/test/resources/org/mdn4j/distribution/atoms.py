# SPDX-License-Identifier: Apache-2.0
"""Reference values of mixtures with atoms, for AtomReferenceTest.

Writes atoms.json beside itself:

    python3 atoms.py

Tool: Python 3.11, mpmath 1.3.0 with 40 decimal digits. About 6 minutes.

Random cases from a fixed seed: 1 to 4 components of a family, 1 to 3 atoms inside, between and far
outside of the components, probabilities from 1e-300 to next to 1. Inputs are doubles and outputs are
rounded once, to the nearest double; both are written as Python's repr. The atoms' probabilities p_a
are taken as they are, the components' share is w = 1 - sum p_a, and F is the cdf of the components
with weights that are divided by their sum.

log cdf, log survival   log(w F(y) + sum of p_a with a <= y), log(w (1 - F(y)) + sum with a > y)
log likelihood          log p_a at an atom, log(w f(y)) elsewhere
mean, variance          w E + sum p_a a, w (V + (E - mean)^2) + sum p_a (a - mean)^2
CRPS                    integral of G^2 below y and of (1 - G)^2 above, G the whole cdf, by quadrature
                        (tanh-sinh) between locations, atoms, y and steps that double around locations
quantiles               inf {y : G(y) >= p} and inf {y : 1 - G(y) <= q}: an atom or a root, by bisection
                        to 1e-25 of the largest scale
"""

import json
import pathlib
import random

from mpmath import (erfc, exp, gamma, log, log1p, mp, mpf, betainc, pi, quad, sqrt)

mp.dps = 40


def tails(family, mu, s, nu, y):
    """P(Y <= y) and P(Y > y) of one component."""
    if family == "LOG_NORMAL":
        if y <= 0:
            return mpf(0), mpf(1)
        y, family = log(y), "GAUSSIAN"
    u = (y - mu) / s
    if family == "GAUSSIAN":
        return erfc(-u / sqrt(mpf(2))) / 2, erfc(u / sqrt(mpf(2))) / 2
    if family == "LAPLACE":
        return (exp(u) / 2, 1 - exp(u) / 2) if u < 0 else (1 - exp(-u) / 2, exp(-u) / 2)
    if family == "LOGISTIC":
        return 1 / (1 + exp(-u)), 1 / (1 + exp(u))
    small = betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + u * u), regularized=True) / 2
    return (small, 1 - small) if u < 0 else (1 - small, small)


def density(family, mu, s, nu, y):
    if family == "LOG_NORMAL":
        return mpf(0) if y <= 0 else density("GAUSSIAN", mu, s, nu, log(y)) / y
    u = (y - mu) / s
    if family == "GAUSSIAN":
        return exp(-u * u / 2) / s / sqrt(2 * pi)
    if family == "LAPLACE":
        return exp(-abs(u)) / (2 * s)
    if family == "LOGISTIC":
        return exp(-abs(u)) / (1 + exp(-abs(u))) ** 2 / s
    return (gamma((nu + 1) / 2) / gamma(nu / 2) / sqrt(nu * pi) / s
            * exp(-(nu + 1) / 2 * log1p(u * u / nu)))


class Case:
    def __init__(self, family, weights, locations, scales, degrees, atoms, masses):
        self.given = {
            "family": family, "weights": weights, "locations": locations, "scales": scales,
            "degreesOfFreedom": degrees, "atoms": atoms, "probabilities": masses}
        self.family = family
        total = sum(mpf(x) for x in weights)
        self.weights = [mpf(x) / total for x in weights]
        self.parts = [(mpf(m), mpf(s), None if n is None else mpf(n))
                      for m, s, n in zip(locations, scales, degrees)]
        self.atoms = [mpf(a) for a in atoms]
        self.masses = [mpf(p) for p in masses]
        self.share = 1 - sum(self.masses)

    def components(self, y):
        both = [tails(self.family, m, s, n, y) for m, s, n in self.parts]
        return (sum(w * t[0] for w, t in zip(self.weights, both)),
                sum(w * t[1] for w, t in zip(self.weights, both)))

    def cdf(self, y):
        return (self.share * self.components(y)[0]
                + sum(p for a, p in zip(self.atoms, self.masses) if a <= y))

    def survival(self, y):
        return (self.share * self.components(y)[1]
                + sum(p for a, p in zip(self.atoms, self.masses) if a > y))

    def likelihood(self, y):
        for a, p in zip(self.atoms, self.masses):
            if a == y:
                return log(p)
        return log(self.share * sum(
            w * density(self.family, m, s, n, y) for w, (m, s, n) in zip(self.weights, self.parts)))

    def moments(self):
        means, variances = [], []
        for m, s, n in self.parts:
            if self.family == "LOG_NORMAL":
                means.append(exp(m + s * s / 2))
                variances.append((exp(s * s) - 1) * exp(2 * m + s * s))
            else:
                means.append(m)
                variances.append(s * s * {
                    "GAUSSIAN": 1, "LAPLACE": 2, "LOGISTIC": pi ** 2 / 3}.get(self.family)
                    if n is None else s * s * n / (n - 2))
        mean = (self.share * sum(w * m for w, m in zip(self.weights, means))
                + sum(p * a for a, p in zip(self.atoms, self.masses)))
        variance = (self.share * sum(w * (v + (m - mean) ** 2)
                                     for w, m, v in zip(self.weights, means, variances))
                    + sum(p * (a - mean) ** 2 for a, p in zip(self.atoms, self.masses)))
        return mean, variance

    def breaks(self, y):
        points = set(self.atoms) | {y}
        for m, s, n in self.parts:
            far = 60 if n is not None else 8
            if self.family == "LOG_NORMAL":
                points.update(exp(m + u * s) for u in range(-12, 13))
                points.add(mpf(0))
            else:
                points.add(m)
                points.update(m + side * s * mpf(2) ** j
                              for j in range(-2, far) for side in (-1, 1))
        return sorted(points)

    def crps(self, y):
        points = self.breaks(y)
        below = [x for x in points if x <= y]
        above = [x for x in points if x >= y]
        # Between two break points no atom lies: G is smooth there.
        sum_ = mpf(0)
        for part, f in ((below, self.cdf_inside), (above, self.survival_inside)):
            for lower, upper in zip(part, part[1:]):
                sum_ += quad(lambda x: f(x, lower) ** 2, [lower, upper])
        return sum_

    def cdf_inside(self, x, lower):
        return (self.share * self.components(x)[0]
                + sum(p for a, p in zip(self.atoms, self.masses) if a <= lower))

    def survival_inside(self, x, lower):
        return (self.share * self.components(x)[1]
                + sum(p for a, p in zip(self.atoms, self.masses) if a > lower))

    def quantile(self, p, upper):
        reaches = ((lambda y: self.survival(y) <= p) if upper
                   else (lambda y: self.cdf(y) >= p))
        largest = max(s for _, s, _ in self.parts)
        if self.family == "LOG_NORMAL":
            low, high = mpf(-1), mpf(1)
        else:
            low, high = min(self.atoms) - 1, max(self.atoms) + 1
        while reaches(low):
            low = low - 2 * abs(low) - 1
        while not reaches(high):
            high = high + 2 * abs(high) + 1
        for a in self.atoms:
            if low < a <= high:
                if reaches(a):
                    high = min(high, a)
        for a in self.atoms:
            if low < a < high and not reaches(a):
                low = a
        while high - low > largest * mpf(10) ** -25 * (1 + abs(high)):
            middle = (low + high) / 2
            if reaches(middle):
                high = middle
            else:
                low = middle
        return high

    def json(self, chance):
        ys = sorted(set(float(a) for a in self.atoms)
                    | {chance.gauss(0, 3) for _ in range(4)}
                    | {float(self.quantile(mpf(10) ** -9, side)) for side in (False, True)})
        ps = [1e-200, 1e-12, 0.001, 0.2, 0.5, 0.7, 0.999]
        mean, variance = self.moments()
        answers = dict(self.given)
        answers.update({
            "mean": repr(float(mean)), "variance": repr(float(variance)),
            "y": ys,
            "logCdf": [repr(float(log(self.cdf(mpf(y))))) if self.cdf(mpf(y)) > 0 else "-Infinity"
                       for y in ys],
            "logSurvival": [repr(float(log(self.survival(mpf(y))))) for y in ys],
            "logLikelihood": [repr(float(self.likelihood(mpf(y)))) if y > 0
                              or self.family != "LOG_NORMAL" or mpf(y) in self.atoms
                              else "-Infinity" for y in ys],
            "crps": [repr(float(self.crps(mpf(y)))) for y in ys[:5]],
            "p": ps,
            "quantile": [repr(float(self.quantile(mpf(p), False))) for p in ps],
            "survivalQuantile": [repr(float(self.quantile(mpf(p), True))) for p in ps]})
        return answers


def main():
    chance = random.Random(20)
    cases = []
    for family in ("GAUSSIAN", "GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T", "LOG_NORMAL"):
        for i in range(4):
            k = chance.randint(1, 4)
            weights = [chance.uniform(0.1, 1) for _ in range(k)]
            locations = [chance.gauss(0, 2 if family != "LOG_NORMAL" else 0.5) for _ in range(k)]
            scales = [exp(chance.gauss(-0.5, 0.7)) for _ in range(k)]
            scales = [float(s if family != "LOG_NORMAL" else min(s, 0.8)) for s in scales]
            degrees = [chance.uniform(3, 30) if family == "STUDENT_T" else None for _ in range(k)]
            atoms = sorted({0.0, round(chance.gauss(0, 2), 2), [1e3, 1.0, -40.0, 0.25][i]})
            masses = [chance.choice([1e-300, 1e-9, 0.05, 0.2, 0.31]) for _ in atoms]
            if i == 3:
                masses[0] = 1 - 1e-9 - sum(masses[1:])
            cases.append(Case(family, weights, locations, scales, degrees, atoms, masses)
                         .json(chance))
            print(len(cases), family)
    text = json.dumps(cases, indent=1)
    pathlib.Path(__file__).with_name("atoms.json").write_text(text + "\n")


main()
