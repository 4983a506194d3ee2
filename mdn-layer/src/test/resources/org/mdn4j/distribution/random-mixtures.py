# SPDX-License-Identifier: Apache-2.0
"""Random mixtures over one target, with atoms, ranges and temperatures, for RandomMixturesTest.

Writes random-mixtures.json beside itself:

    python3 random-mixtures.py

Tool: Python 3.11, mpmath 1.2.1 with 60 decimal digits. Every input is a double, taken exactly, and
every output is rounded once, to the nearest double; both are written as Python's repr. Weights are
given unnormalised and are among the components; atoms' probabilities take their share from them.

With u = (y - mu) / s, of log y for LOG_NORMAL, and F the cdf of a family:

interval   Pi_k (F((b - mu_k) / s_k) - F((a - mu_k) / s_k)), from the smaller of both tails; where b
           and a are so near that fewer than 30 digits are left, the density times b - a
truncated  the same over what is within the range, each over that of the range
temper     pi_k and atoms to the power of 1 / tau, of the mixture without its range, scales times
           the square root of tau; then truncated again
quantile   two numbers between which inf {y : F(y) >= p} lies, for p (1 -+ 1e-11), by halving the
           doubles in exact arithmetic
"""

import json
import math
import pathlib
import random
import struct

from mpmath import erfc, exp, fsum, hyp2f1, isfinite, loggamma, log, log1p, mp, mpf, pi, sqrt

mp.dps = 60
INF = math.inf
FAMILIES = ["GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T", "LOG_NORMAL"]


def upper(family, nu, t):
    """P(T > t), t >= 0."""
    if t == mp.inf:
        return mpf(0)
    if family in ("GAUSSIAN", "LOG_NORMAL"):
        return erfc(t / sqrt(2)) / 2 if t < mpf(10) ** 50 else mpf(0)
    if family == "LAPLACE":
        return exp(-t) / 2
    if family == "LOGISTIC":
        return exp(-t) / (1 + exp(-t))
    x = nu / (nu + t * t)
    if x < mpf("0.9"):
        beta = exp(loggamma(nu / 2) + loggamma(mpf(1) / 2) - loggamma((nu + 1) / 2))
        return x ** (nu / 2) / (nu / 2) * hyp2f1(nu / 2, mpf(1) / 2, nu / 2 + 1, x) / beta / 2
    with mp.workdps(90 + int(t * t / 2)):
        w = t / sqrt(nu)
        constant = exp(loggamma((nu + 1) / 2) - loggamma(nu / 2)) / sqrt(pi)
        return mpf(1) / 2 - constant * w * hyp2f1(mpf(1) / 2, (nu + 1) / 2, mpf(3) / 2, -w * w)


def density(family, nu, t):
    t = abs(t)
    if t == mp.inf:
        return mpf(0)
    if family in ("GAUSSIAN", "LOG_NORMAL"):
        return exp(-t * t / 2) / sqrt(2 * pi)
    if family == "LAPLACE":
        return exp(-t) / 2
    if family == "LOGISTIC":
        return exp(-t) / (1 + exp(-t)) ** 2
    constant = exp(loggamma((nu + 1) / 2) - loggamma(nu / 2)) / sqrt(pi * nu)
    return constant * (1 + t * t / nu) ** (-(nu + 1) / 2)


def between(family, nu, a, b, width):
    """F(b) - F(a), given b - a with all its digits."""
    if width <= 0:
        return mpf(0)
    if a + b < 0:
        a, b = -b, -a
    if width != mp.inf and width * max(1, abs(a)) < mpf(10) ** -22:
        return density(family, nu, (a + b) / 2) * width
    if a >= 0:
        return upper(family, nu, a) - upper(family, nu, b)
    return 1 - upper(family, nu, -a) - upper(family, nu, b)


class Mixture:
    def __init__(self, case):
        self.family = case["family"]
        weights = [mpf(w) for w in case["weights"]]
        atoms = [mpf(p) for p in case["probabilities"]]
        rest = 1 - fsum(atoms)
        self.parts = [
            [w / fsum(weights) * rest, mpf(mu), mpf(s), mpf(nu)]
            for w, mu, s, nu in zip(weights, case["locations"], case["scales"], case["degrees"])
        ]
        self.atoms = [[mpf(a), p] for a, p in zip(case["atoms"], atoms)]
        self.lower, self.upper = -mp.inf, mp.inf
        self.shares = [mpf(1)] * len(self.parts)
        if case["range"]:
            self.truncate(*case["range"])
        if case["temperature"]:
            self.temper(*map(mpf, case["temperature"]))

    def normalize(self):
        total = fsum([part[0] for part in self.parts] + [atom[1] for atom in self.atoms])
        for part in self.parts:
            part[0] /= total
        for atom in self.atoms:
            atom[1] /= total

    def truncate(self, lower, upper):
        lower, upper = mpf(lower), mpf(upper)
        self.shares = [self.whole(part, lower, upper) for part in self.parts]
        for part, share in zip(self.parts, self.shares):
            part[0] *= share
        self.lower, self.upper = lower, upper
        self.atoms = [atom for atom in self.atoms if lower <= atom[0] <= upper]
        self.normalize()

    def temper(self, weights, scales):
        for part, share in zip(self.parts, self.shares):
            part[0] = (part[0] / share) ** (1 / weights) if part[0] else part[0]
            part[2] *= sqrt(scales)
        for atom in self.atoms:
            atom[1] = atom[1] ** (1 / weights) if atom[1] else atom[1]
        if isfinite(self.lower) or isfinite(self.upper):
            lower, upper = self.lower, self.upper
            self.lower, self.upper = -mp.inf, mp.inf
            self.truncate(lower, upper)
        self.normalize()

    def standard(self, part, y):
        if self.family == "LOG_NORMAL":
            y = log(y) if y > 0 else -mp.inf
        return (y - part[1]) / part[2]

    def whole(self, part, a, b):
        left, right = self.standard(part, a), self.standard(part, b)
        width = right - left
        if isfinite(left) and isfinite(right):
            width = (log1p((b - a) / a) if self.family == "LOG_NORMAL" else b - a) / part[2]
        return between(self.family, part[3], left, right, width)

    def components(self, a, b):
        a, b = max(mpf(a), self.lower), min(mpf(b), self.upper)
        if a >= b:
            return mpf(0)
        return fsum(
            part[0] * self.whole(part, a, b) / share
            for part, share in zip(self.parts, self.shares)
            if part[0]
        )

    def density(self, y):
        y = mpf(y)
        if not self.lower <= y <= self.upper or self.family == "LOG_NORMAL" and y <= 0:
            return mpf(0)
        jacobian = y if self.family == "LOG_NORMAL" else 1
        return fsum(
            part[0] * density(self.family, part[3], self.standard(part, y)) / part[2] / share / jacobian
            for part, share in zip(self.parts, self.shares)
            if part[0]
        )

    def cdf(self, y):
        return self.components(-mp.inf, y) + fsum(p for a, p in self.atoms if a <= y)

    def survival(self, y):
        return self.components(y, mp.inf) + fsum(p for a, p in self.atoms if a > y)

    def likelihood(self, a, b):
        if a == b:
            mass = fsum(p for atom, p in self.atoms if atom == a)
            return mass if mass or any(atom == a for atom, p in self.atoms) else self.density(a)
        return self.components(a, b) + fsum(p for atom, p in self.atoms if a <= atom <= b)

    def probability(self, a, b):
        return self.components(a, b) + fsum(p for atom, p in self.atoms if a < atom <= b)

    def quantile(self, holds):
        """The least double y for which a condition that does not become false again holds."""
        low, high = key(-INF), key(INF)
        while high - low > 1:
            middle = (low + high) // 2
            if holds(number(middle)):
                high = middle
            else:
                low = middle
        return number(high)


def key(y):
    bits = struct.unpack(">q", struct.pack(">d", y))[0]
    return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)


def number(index):
    bits = index if index >= 0 else -index | 0x8000000000000000
    return struct.unpack(">d", struct.pack(">Q", bits))[0]


def as_float(y):
    return struct.unpack(">f", struct.pack(">f", y))[0]


def draw(family, rng):
    base = 1.0 if family == "LOG_NORMAL" else rng.choice([1.0, 1.0, 1e-8, 1e8, 1e-290, 1e290])
    count = rng.choice([1, 2, 3])
    locations = [base * rng.gauss(0, 2) for _ in range(count)]
    scales = [base * math.exp(rng.uniform(-3, 1)) for _ in range(count)]
    weights = [
        math.exp(-rng.uniform(0, 3)) if rng.random() < 0.7 else math.exp(-rng.uniform(0, 700))
        for _ in range(count)
    ]

    def about():
        k = rng.randrange(count)
        t = locations[k] + scales[k] * rng.gauss(0, 2) * rng.choice([1, 1, 1, 1e6])
        return math.exp(max(-700, min(700, t))) if family == "LOG_NORMAL" else t

    atoms, probabilities, limits, temperature = [], [], [], []
    if rng.random() < 0.6:
        chosen = {as_float(y) if abs(y) < 1e38 else 0.0 for y in [0.0, about(), about()]}
        atoms = sorted({a + 0.0 for a in rng.sample(sorted(chosen), min(2, len(chosen)))})
        total = rng.choice([0.3, 0.9, 1 - 1e-12, 1e-9])
        shares = [rng.choice([rng.random(), 1e-12, math.exp(-rng.uniform(0, 700))]) for _ in atoms]
        probabilities = [total * share / sum(shares) for share in shares]
    if rng.random() < 0.5:
        ends = sorted([atoms[0] if atoms and rng.random() < 0.4 else about(), about()])
        open_end = rng.choice([0, 1, 2])
        if open_end:
            ends[open_end - 1] = -INF if open_end == 1 else INF
        if ends[0] < ends[1] and not (family == "LOG_NORMAL" and ends[1] <= 0):
            limits = ends
    if rng.random() < 0.3:
        temperature = [rng.choice([0.5, 2.0]), rng.choice([0.25, 3.0])]
    points = [about(), about(), rng.choice([1e300, -1e300, 5e-324, -0.0])] + atoms[:1] + limits[:1]
    questions = []
    for y in points:
        questions += [["cdf", y], ["survival", y], ["logCdf", y], ["logSurvival", y]]
        if abs(y) < INF:
            questions.append(["logLikelihood", y, y])
    for _ in range(3):
        a = rng.choice(points)
        b = rng.choice([math.nextafter(a, INF), INF, rng.choice(points), a + base * 1e-3])
        a, b = min(a, b), max(a, b)
        if a < b and not (family == "LOG_NORMAL" and b <= 0) and a < INF:
            questions += [["logLikelihood", a, b], ["logProbability", a, b], ["probability", a, b]]
    for p in [rng.random(), 10 ** rng.uniform(-12, -1), 10 ** rng.uniform(-200, -12)]:
        questions += [["quantile", p], ["survivalQuantile", p]]
    return {
        "family": family,
        "weights": weights,
        "locations": locations,
        "scales": scales,
        "degrees": [rng.choice([0.3, 1.0, 2.5, 40.0]) for _ in range(count)],
        "atoms": atoms,
        "probabilities": probabilities,
        "range": limits,
        "temperature": temperature,
        "questions": questions,
    }


def logarithm(x):
    return log(x) if x > 0 else -mp.inf


def is_exact(question, values):
    """Whether 60 digits are enough: not for logarithms of what is next to 1."""
    return not question.startswith("log") or abs(values[0]) > 1e-45


def rounded(x):
    try:
        return float(x)
    except OverflowError:
        return INF if x > 0 else -INF


def answers(mixture, question, arguments):
    if question in ("quantile", "survivalQuantile"):
        p, slack = mpf(arguments[0]), mpf(10) ** -11
        if question == "quantile":
            return [
                mixture.quantile(lambda y, q=p * (1 + side * slack): mixture.cdf(y) >= q)
                for side in (-1, 1)
            ]
        return [
            mixture.quantile(lambda y, q=p * (1 - side * slack): mixture.survival(y) <= q)
            for side in (-1, 1)
        ]
    if question == "cdf":
        return [rounded(mixture.cdf(*arguments))]
    if question == "survival":
        return [rounded(mixture.survival(*arguments))]
    if question == "logCdf":
        return [rounded(logarithm(mixture.cdf(*arguments)))]
    if question == "logSurvival":
        return [rounded(logarithm(mixture.survival(*arguments)))]
    if question == "logLikelihood":
        return [rounded(logarithm(mixture.likelihood(*map(mpf, arguments))))]
    value = mixture.probability(*map(mpf, arguments))
    return [rounded(logarithm(value) if question == "logProbability" else value)]


def text(x):
    return {INF: "Infinity", -INF: "-Infinity"}.get(x, repr(x))


if __name__ == "__main__":
    rng = random.Random(20)
    lines = []
    for i in range(75):
        case = draw(FAMILIES[i % len(FAMILIES)], rng)
        mixture = Mixture(case)
        answered = [(q, a, answers(mixture, q, a)) for q, *a in case["questions"]]
        case["questions"] = [
            {"question": q, "arguments": [text(x) for x in a], "values": [text(x) for x in values]}
            for q, a, values in answered
            if is_exact(q, values)
        ]
        for name, value in case.items():
            if name not in ("family", "questions"):
                case[name] = [text(x) for x in value]
        lines.append(json.dumps(case))
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")
