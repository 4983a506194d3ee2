# SPDX-License-Identifier: Apache-2.0
"""Reference values of Gaussian mixtures, for ReferenceValuesTest.

Writes gaussian-mixtures-one-target.json and gaussian-mixtures-several-targets.json beside itself:

    python3 gaussian-mixtures.py

Tool: Python 3.11.7, mpmath 1.3.0 with 50 decimal digits (gmpy2 only makes it faster), about 7
minutes. With --digits 70 --out elsewhere the files come out the same, byte by byte, but for the
line that names the digits.

Every input is a double and every output is rounded once, to the nearest double (the bounds of a
quantile: outwards); both are written as Python's repr, which reads back as the same double. Weights
are given unnormalised; the references use w_k / sum(w), so computed at full precision.

With u = (y - mu) / s, phi and Phi the standard normal density and cdf:

log density   log sum_k w_k phi(u_k) / s_k
cdf           sum_k w_k erfc(-u_k / sqrt 2) / 2; survival: the same of +u_k. Down to 3e-300
quantile      the interval of all y that are right within a relative 1e-9 of the smaller of p and
              1 - p: the exact quantiles of the two ends, by safeguarded Newton steps on log cdf or
              log survival
CRPS          sum_k w_k A(y - mu_k, s_k) - 1/2 sum_jk w_j w_k A(mu_j - mu_k, sqrt(s_j^2 + s_k^2)),
              A(m, s) = 2 s phi(m / s) + m (2 Phi(m / s) - 1): Grimit, Gneiting, Berrocal and
              Johnson (2006), Q. J. R. Meteorol. Soc. 132, equation 5. Some are compared with the
              quadrature of integral (F(x) - 1{x >= y})^2 dx, to 1e-20
modes         all roots of p' between the least and the largest mean (outside p' has one sign). The
              range is halved until in each piece, by the exact range of every component's term,
              p' has no root, or p'' has none, so that p' has at most one. "width" is
              sqrt(p / |p''|) at the mode
region        highest-density region {y : p(y) >= c} (Hyndman 1996, The American Statistician 50):
              p is monotone between its extremes, so each piece has at most one end; c by
              safeguarded Newton steps on the mass
entropy       -integral p log p, Gauss-Legendre with 30 nodes on panels, which are halved until 20
              nodes agree to 1e-18; the integral of p by the same panels is 1 to 1e-18. Right to
              1e-15

Mixtures whose answer hangs by a hair are drawn again: a critical point that cannot be told from a
double root, a region whose threshold is within 1e-6 of a critical value.
"""

import argparse
import json
import math
import pathlib
import random

from mpmath import libmp, mp, mpf

SEED = 20061
ONE_TARGET = 240
SEVERAL_TARGETS = 30
TINY = 1e-12  # a weight that is not 0
LEVELS = [0.5, 0.8, 0.95]
PROBABILITIES = [1e-12, 1e-6, 0.01, 0.25, 0.5, 0.9, 1 - 1e-6, 1 - 1e-12]
SURVIVALS = [1e-100, 1e-12, 1e-6, 0.01, 0.7]
TAILS = [3e-300, 1e-200, 1e-100, 1e-40, 1e-15, 1e-9, 1e-4, 0.1]
QUANTILE_TOLERANCE = mpf(10) ** -9


class HangsByAHair(Exception):
    """The mixture is no good reference: its answer could go either way."""


def normalized(weights):
    total = mp.fsum(weights)
    return [mpf(w) / total for w in weights]


def root(function, lower, upper, start=None):
    """Root of an increasing function, which returns its value and derivative, in a bracket."""
    y = (lower + upper) / 2 if start is None or not lower < start < upper else start
    tolerance = mp.eps * 2**20 * max(abs(lower), abs(upper))
    last = upper - lower
    while True:
        value, derivative = function(y)
        if value < 0:
            lower = y
        else:
            upper = y
        step = -value / derivative if derivative > 0 else mp.inf
        if abs(step) <= tolerance or upper - lower <= tolerance:
            return y
        if not (lower < y + step < upper and abs(step) < last / 2):
            step = (lower + upper) / 2 - y
        last = abs(step)
        y += step


class OneTarget:
    """The components of positive weight, in high precision."""

    def __init__(self, weights, means, deviations):
        self.parts = [
            (w, mpf(m), mpf(s))
            for w, m, s in zip(normalized(weights), means, deviations)
            if w > 0
        ]
        self.norm = mp.sqrt(2 * mp.pi)

    def derivatives(self, y):
        """p, p' and p''."""
        p = p1 = p2 = mpf(0)
        for w, m, s in self.parts:
            u = (y - m) / s
            term = w * mp.exp(-u * u / 2) / s
            p += term
            p1 -= term * u / s
            p2 += term * (u * u - 1) / (s * s)
        return p / self.norm, p1 / self.norm, p2 / self.norm

    def density(self, y):
        return self.derivatives(y)[0]

    def tail(self, y, sign):
        """cdf for sign = -1, survival for +1."""
        return mp.fsum(w * mp.erfc(sign * (y - m) / s / mp.sqrt(2)) for w, m, s in self.parts) / 2

    def cdf(self, y):
        return self.tail(y, -1)

    def survival(self, y):
        return self.tail(y, 1)

    def beyond(self, u):
        """A range outside which every component is u deviations away."""
        return min(m - u * s for _, m, s in self.parts), max(m + u * s for _, m, s in self.parts)

    def tail_quantile(self, probability, sign, start=None):
        """Where the cdf (sign -1) or the survival (+1) is a probability of at most about 1/2."""
        lower, upper = self.beyond(mp.sqrt(-2 * mp.log(probability)))  # 1 - Phi(u) < exp(-u^2 / 2)

        def function(y):
            tail = self.tail(y, sign)
            value = mp.log(tail / probability)
            return -sign * value, self.density(y) / tail

        return root(function, lower, upper, start)

    def quantile_bounds(self, p, sign):
        """All y whose cdf (sign -1) or survival (+1) is p, within the tolerance, outwards."""
        p = mpf(p)
        if p > mpf(1) / 2:
            p, sign = 1 - p, -sign
        first = self.tail_quantile(p * (1 - QUANTILE_TOLERANCE), sign)
        last = self.tail_quantile(p * (1 + QUANTILE_TOLERANCE), sign, first)
        lower, upper = min(first, last), max(first, last)
        a, b = float(lower), float(upper)
        return (
            a if a <= lower else math.nextafter(a, -math.inf),
            b if b >= upper else math.nextafter(b, math.inf),
        )

    def mean(self):
        return mp.fsum(w * m for w, m, _ in self.parts)

    def variance(self):
        mean = self.mean()
        return mp.fsum(w * (s * s + (m - mean) ** 2) for w, m, s in self.parts)

    def crps(self, y):
        def distance(m, s):
            return 2 * s * mp.npdf(m / s) + m * mp.erf(m / s / mp.sqrt(2))

        outcome = mp.fsum(w * distance(y - m, s) for w, m, s in self.parts)
        spread = mp.fsum(
            v * w * distance(m - n, mp.hypot(r, s))
            for v, m, r in self.parts
            for w, n, s in self.parts
        )
        return outcome - spread / 2

    def critical_points(self):
        """All roots of p', ascending: maximum, minimum, maximum, ..., maximum."""
        means = sorted({m for _, m, _ in self.parts})
        if len(means) == 1:
            return means
        smallest = min(s for _, _, s in self.parts)
        points = []
        pending = [(a, self.terms(a), b, self.terms(b)) for a, b in zip(means, means[1:])]
        while pending:
            a, at_a, b, at_b = pending.pop()
            slope = self.sign_of_range(a, at_a, b, at_b, 0)
            if slope:
                continue
            curvature = self.sign_of_range(a, at_a, b, at_b, 1)
            if curvature:
                slopes = [mp.fsum(t[0] for t in terms) for terms in (at_a, at_b)]
                if slopes[0] * slopes[1] < 0:

                    def function(y):
                        _, p1, p2 = self.derivatives(y)
                        return curvature * p1, curvature * p2

                    points.append(root(function, a, b))
                continue
            if b - a < smallest * mpf(10) ** -9:
                raise HangsByAHair
            middle = a + (b - a) * mpf("0.487")  # off the centre of a symmetric mixture
            at_middle = self.terms(middle)
            pending += [(a, at_a, middle, at_middle), (middle, at_middle, b, at_b)]
        points.sort()
        for i, y in enumerate(points):
            assert (self.derivatives(y)[2] < 0) == (i % 2 == 0)
        assert len(points) % 2 == 1
        return points

    def terms(self, y):
        """Each component's share of p' and p'', but for 1 / sqrt(2 pi), and its u."""
        terms = []
        for w, m, s in self.parts:
            u = (y - m) / s
            e = w * mp.exp(-u * u / 2) / (s * s)
            terms.append((-u * e, (u * u - 1) * e / s, u))
        return terms

    def sign_of_range(self, a, at_a, b, at_b, order):
        """Sign of p' (order 0) or p'' (1) on [a, b]; 0 where the components' ranges allow both."""
        # Extremes of -u exp(-u^2/2) and of (u^2 - 1) exp(-u^2/2).
        extremes = ((-1, mp.exp(-0.5)), (1, -mp.exp(-0.5)))
        if order == 1:
            edge = mp.sqrt(3)
            extremes = ((-edge, 2 * mp.exp(-1.5)), (0, mpf(-1)), (edge, 2 * mp.exp(-1.5)))
        least, most = [], []
        for (w, _, s), left, right in zip(self.parts, at_a, at_b):
            values = [left[order], right[order]]
            for u, value in extremes:
                if left[2] < u < right[2]:
                    values.append(w * value / s ** (2 + order))
            least.append(min(values))
            most.append(max(values))
        rounding = mpf(10) ** (15 - mp.dps)  # of exponents up to 1e10 too
        if mp.fsum(least) > rounding * mp.fsum(least, absolute=True):
            return 1
        if mp.fsum(most) < -rounding * mp.fsum(most, absolute=True):
            return -1
        return 0

    def region(self, level, points):
        """Threshold and intervals of the highest-density region."""
        heights = [self.density(y) for y in points]
        outer = []
        for sign in (-1, 1):
            u = mpf(8)
            while self.density(self.beyond(u)[sign > 0]) > heights[0 if sign < 0 else -1] * 1e-4:
                u *= 2
            outer.append(u)
        ends = {}

        def end(piece, threshold, a, b, rising):
            sign = 1 if rising else -1

            def function(y):
                p, p1, _ = self.derivatives(y)
                return sign * mp.log(p / threshold), sign * p1 / p

            ends[piece] = root(function, a, b, ends.get(piece))
            return ends[piece]

        def intervals(threshold):
            found = []
            for i in range(0, len(points), 2):
                if heights[i] <= threshold:
                    continue
                if i == 0:
                    u = outer[0]
                    while self.density(self.beyond(u)[0]) >= threshold:
                        u *= 2
                    left = end(0, threshold, self.beyond(u)[0], points[0], True)
                elif heights[i - 1] < threshold:
                    left = end(i, threshold, points[i - 1], points[i], True)
                else:
                    left = None  # joined to the one before
                if i == len(points) - 1:
                    u = outer[1]
                    while self.density(self.beyond(u)[1]) >= threshold:
                        u *= 2
                    right = end(i + 1, threshold, points[-1], self.beyond(u)[1], False)
                elif heights[i + 1] < threshold:
                    right = end(i + 1, threshold, points[i], points[i + 1], False)
                else:
                    right = None
                if left is not None:
                    found.append([left, right])
                else:
                    found[-1][1] = right
            return found

        level = mpf(level)

        def excess(log_threshold):
            threshold = mp.exp(log_threshold)
            mass = derivative = mpf(0)
            for a, b in intervals(threshold):
                below, above = self.cdf(a), self.survival(b)
                mass += self.cdf(b) - below if below < 0.5 else self.survival(a) - above
                for y in (a, b):
                    derivative += threshold**2 / abs(self.derivatives(y)[1])
            return level - mass, derivative

        top = mp.log(max(heights))
        low = top - 1
        while excess(low)[0] > 0:
            low -= 2
        threshold = mp.exp(root(excess, low, top))
        if any(abs(h / threshold - 1) < 1e-6 for h in heights):
            raise HangsByAHair
        found = intervals(threshold)
        mass = mp.fsum(self.cdf(b) - self.cdf(a) for a, b in found)
        assert abs(mass - level) < mpf(10) ** -25
        return threshold, found

    def entropy(self):
        def integrand(y):
            p = mpf(0)
            for w, m, s in self.parts:
                u = (y - m) / s
                if abs(u) < 14:
                    p += w * mp.exp(-u * u / 2) / s
            p /= self.norm
            return (p, -p * mp.log(p)) if p > 0 else (p, p)

        total, entropy = self.integrate(integrand, 2)
        assert abs(total - 1) < mpf(10) ** -18, total
        return entropy

    def crps_by_quadrature(self, y):
        parts = [
            self.integrate(lambda x: (self.cdf(x) ** 2,), 1, upper=mpf(y)),
            self.integrate(lambda x: (self.survival(x) ** 2,), 1, lower=mpf(y)),
        ]
        return mp.fsum(p[0] for p in parts)

    def integrate(self, integrand, count, lower=None, upper=None):
        """Integrals of several functions at once, over what is within 14 deviations and y."""
        breaks = {m + u * s for _, m, s in self.parts for u in range(-14, 15, 4)}
        if lower is not None:
            breaks = {b for b in breaks if b > lower} | {lower}
        if upper is not None:
            breaks = {b for b in breaks if b < upper} | {upper}
        breaks = sorted(breaks)
        pending = list(zip(breaks, breaks[1:]))
        sums = [mpf(0)] * count
        while pending:
            a, b = pending.pop()
            coarse, fine = (self.panel(integrand, count, a, b, rule) for rule in gauss_rules())
            if all(abs(c - f) < mpf(10) ** -18 for c, f in zip(coarse, fine)):
                sums = [s + f for s, f in zip(sums, fine)]
            else:
                pending += [(a, (a + b) / 2), ((a + b) / 2, b)]
        return sums

    @staticmethod
    def panel(integrand, count, a, b, rule):
        sums = [mpf(0)] * count
        for x, weight in rule:
            values = integrand((a + b) / 2 + x * (b - a) / 2)
            sums = [s + weight * v for s, v in zip(sums, values)]
        return [s * (b - a) / 2 for s in sums]


RULES = []


def gauss_rules():
    """Nodes and weights of the Gauss-Legendre rules with 20 and with 30 nodes."""
    if not RULES:
        for n in (20, 30):
            rule = []
            for i in range(1, n + 1):
                x = mp.cos(mp.pi * (i - mpf("0.25")) / (n + mpf("0.5")))
                for _ in range(12):  # Newton; twice the digits each time
                    before, now = mpf(1), x
                    for k in range(2, n + 1):
                        before, now = now, ((2 * k - 1) * x * now - (k - 1) * before) / k
                    slope = n * (x * now - before) / (x * x - 1)
                    x -= now / slope
                rule.append((x, 2 / ((1 - x * x) * slope * slope)))
            assert abs(mp.fsum(w for _, w in rule) - 2) < mpf(10) ** -40
            RULES.append(rule)
    return RULES


def draw_one_target(rng, index):
    """Weights, means and deviations. Their kinds go round, so that all of them meet all K."""
    k = index % 20 + 1
    turn = index // 20  # 0 to 11
    base = 10 ** rng.uniform(-2, 2)
    ratio = 1000 if turn % 2 == 0 else 10 ** rng.uniform(0, 2)
    # The largest deviation is the base; smaller ones log-uniform down to base / ratio.
    deviations = [base / ratio ** rng.random() for _ in range(k)]
    if k > 1:
        deviations[0], deviations[1] = base, base / ratio
    spread = base * rng.choice([0.3, 1, 3, 10])
    centre = base * rng.uniform(-5, 5)
    means = [centre + spread * rng.uniform(-1, 1) for _ in range(k)]
    weights = [rng.random() + 0.02 for _ in range(k)]
    if turn % 4 in (1, 2):  # wide gaps that hold no mass
        gap = base * (40 if ratio == 1000 else 100)
        means = [m + gap * rng.randrange(4) for m in means]
    if turn % 3 == 1 and k > 1:
        for i in range(k - 1):
            if rng.random() < 0.4:
                weights[i] = TINY
    if turn % 3 == 2 and k > 1:
        for i in range(k - 1):
            if rng.random() < 0.3:
                weights[i] = 0.0
                means[i] *= rng.choice([1, 1e6])  # out of the way, and it must do no harm
    if turn % 6 >= 4 and k > 2:  # the last two are identical; so are two others
        for i, j in ((k - 2, k - 1), (0, k // 2)):
            means[i], deviations[i] = means[j], deviations[j]
    return weights, means, deviations


def merging_pairs():
    """Equal pairs on both sides of the separation of 2 deviations, at which two modes merge."""
    for i, delta in enumerate([1e-2, 1e-3, 1e-4, 1e-5, 2e-6]):
        for sign in (-1, 1):
            s = 0.7 * 3.0**i
            half = s * (1 + sign * delta)
            yield [0.5, 0.5], [0.3 - half, 0.3 + half], [s, s]


def doubles(values):
    return [float(v) for v in values]


def one_target(rng, weights, means, deviations):
    mixture = OneTarget(weights, means, deviations)
    active = [i for i, w in enumerate(weights) if w > 0]

    def place(u):
        i = rng.choice(active)
        return means[i] + u * deviations[i]

    points = mixture.critical_points()
    regions = [mixture.region(level, points) for level in LEVELS]

    ys = [place(u) for u in (-50, -50, 50, 50, -20, 20, *(rng.uniform(-4, 4) for _ in range(4)))]
    log_density = [[y, float(mp.log(mixture.density(mpf(y))))] for y in ys]

    ys = [float(mixture.tail_quantile(mpf(t), sign)) for sign in (-1, 1) for t in TAILS]
    ys += [place(rng.uniform(-3, 3)), (place(0) + place(0)) / 2, (place(0) + place(0)) / 2]
    probability = []
    for y in ys:
        tails = [mixture.cdf(mpf(y)), mixture.survival(mpf(y))]
        assert min(tails) > 1e-300
        probability.append([y] + doubles(tails))

    ys = [place(u) for u in (0, rng.uniform(-3, 3), rng.uniform(-3, 3), -50, 50)]
    ys += [float(mixture.mean()), means[active[0]] + 1000 * max(deviations[i] for i in active)]
    crps = [[y, float(mixture.crps(mpf(y)))] for y in ys]

    modes = []
    for y in points[::2]:
        p, _, p2 = mixture.derivatives(y)
        modes.append({"y": float(y), "width": float(mp.sqrt(-p / p2))})
    return mixture, {
        "weights": weights,
        "means": means,
        "deviations": deviations,
        "mean": float(mixture.mean()),
        "variance": float(mixture.variance()),
        "logDensity": log_density,
        "cdfAndSurvival": probability,
        "crps": crps,
        "quantile": [[p, *mixture.quantile_bounds(p, -1)] for p in PROBABILITIES],
        "survivalQuantile": [[q, *mixture.quantile_bounds(q, 1)] for q in SURVIVALS],
        "modes": modes,
        "regions": [
            {
                "level": level,
                "threshold": float(threshold),
                "intervals": [doubles(interval) for interval in intervals],
            }
            for level, (threshold, intervals) in zip(LEVELS, regions)
        ],
        "entropy": float(mixture.entropy()),
    }


def several_targets(rng, index):
    d = 2 + index % 2
    k = rng.choice([1, 2, 3, 5, 10, 20])
    base = [10 ** rng.uniform(-2, 2) for _ in range(d)]
    weights = [rng.random() + 0.02 for _ in range(k)]
    if index % 3 == 1:
        weights[: k // 2] = [TINY] * (k // 2)
    if index % 3 == 2:
        weights[: k // 2] = [0.0] * (k // 2)
    means = [[b * rng.uniform(-10, 10) for b in base] for _ in range(k)]
    deviations = [[b / 1000 ** rng.random() for b in base] for _ in range(k)]
    parts = [
        (w, [mpf(v) for v in m], [mpf(v) for v in s])
        for w, m, s in zip(normalized(weights), means, deviations)
    ]

    def joint(y, targets):
        """w_k N_k(y) over some targets, for each k."""
        return [
            w * mp.fprod(mp.npdf(mpf(v), m[t], s[t]) for v, t in zip(y, targets))
            for w, m, s in parts
        ]

    def near():
        """Near a component, at most 50 deviations off in one target."""
        i = rng.choice([i for i, w in enumerate(weights) if w > 0])
        u = [rng.uniform(-3, 3) for _ in range(d)]
        if rng.random() < 0.3:
            u[rng.randrange(d)] = rng.choice([-50, 50])
        return [m + v * s for m, v, s in zip(means[i], u, deviations[i])]

    everything = list(range(d))
    points = []
    for _ in range(5):
        y = near()
        terms = joint(y, everything)
        total = mp.fsum(terms)
        shares = [t / total for t in terms]
        points.append(
            {
                "y": y,
                "logDensity": float(mp.log(total)),
                "responsibilities": [float(r) if r > 1e-300 else 0.0 for r in shares],
            }
        )
    marginals, conditionals = [], []
    for _ in range(2):
        targets = rng.sample(everything, rng.randrange(1, d))
        y = near()
        marginal = mp.fsum(joint([y[t] for t in targets], targets))
        marginals.append(
            {
                "targets": targets,
                "y": [y[t] for t in targets],
                "logDensity": float(mp.log(marginal)),
            }
        )
        rest = [t for t in everything if t not in targets]
        conditionals.append(
            {
                "given": targets,
                "values": [y[t] for t in targets],
                "y": [y[t] for t in rest],
                "logDensity": float(mp.log(mp.fsum(joint(y, everything)) / marginal)),
            }
        )
    mean = [mp.fsum(w * m[t] for w, m, _ in parts) for t in everything]
    covariance = [
        [
            mp.fsum(
                w * ((m[a] - mean[a]) * (m[b] - mean[b]) + (s[a] ** 2 if a == b else 0))
                for w, m, s in parts
            )
            for b in everything
        ]
        for a in everything
    ]
    return {
        "weights": weights,
        "means": means,
        "deviations": deviations,
        "mean": doubles(mean),
        "covariance": [doubles(row) for row in covariance],
        "points": points,
        "marginals": marginals,
        "conditionals": conditionals,
    }


def check_crps(mixture, reference):
    for y, crps in reference["crps"][:3]:
        difference = abs(mixture.crps_by_quadrature(y) - mixture.crps(mpf(y)))
        assert difference < mpf(10) ** -20, difference


def write(path, mixtures):
    origin = "gaussian-mixtures.py, mpmath 1.3.0, %d digits, seed %d" % (mp.dps, SEED)
    lines = ",\n".join(json.dumps(m, separators=(",", ":"), allow_nan=False) for m in mixtures)
    path.write_text('{"origin":"%s",\n"mixtures":[\n%s\n]}\n' % (origin, lines))
    print("%s: %d mixtures, %d bytes" % (path, len(mixtures), path.stat().st_size))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--digits", type=int, default=50)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    parser.add_argument("--limit", type=int, help="only so many mixtures, to try it")
    options = parser.parse_args()
    mp.dps = options.digits
    print("backend", libmp.BACKEND)

    rng = random.Random(SEED)
    references, again, checked = [], 0, 0
    given = list(merging_pairs())
    while len(references) < (options.limit or ONE_TARGET):
        number = len(references) - len(given)
        try:
            values = given[len(references)] if number < 0 else draw_one_target(rng, number)
            mixture, reference = one_target(rng, *values)
        except HangsByAHair:
            assert number >= 0
            again += 1
            continue
        if 2 <= len(values[0]) <= 6 and number % 3 == 0:
            check_crps(mixture, reference)
            checked += 1
        references.append(reference)
        if len(references) % 20 == 0:
            print(len(references), flush=True)
    print("drawn again: %d; CRPS checked by quadrature: %d mixtures" % (again, checked))
    write(options.out / "gaussian-mixtures-one-target.json", references)

    rng = random.Random(SEED + 1)
    references = [several_targets(rng, i) for i in range(SEVERAL_TARGETS)]
    write(options.out / "gaussian-mixtures-several-targets.json", references)


if __name__ == "__main__":
    main()
