# SPDX-License-Identifier: Apache-2.0
"""Writes log-mass.csv: log densities and log probabilities of intervals, and their derivatives.

  /usr/bin/python3 log-mass.py > log-mass.csv      (mpmath, 80 digits)

Columns: family, nu (0: none), lower, upper, mu, log sigma; then L = log(F(u) - F(l)), or the log
density where both ends are equal, and dL/dmu, dL/dlog sigma, dL/dlog nu. Inputs are doubles, taken
exactly.
"""
import math
import random
from mpmath import mp, mpf

mp.dps = 80


def upper_tail(family, nu, t):
    """P(T > t) for t >= 0."""
    if family == "GAUSSIAN":
        return mp.erfc(t / mp.sqrt(2)) / 2
    if family == "LAPLACE":
        return mp.exp(-t) / 2
    if family == "LOGISTIC":
        return mp.exp(-t) / (1 + mp.exp(-t))
    x = nu / (nu + t * t)
    if x < mpf("0.9"):
        a, b = nu / 2, mpf(1) / 2
        beta = mp.gamma(a) * mp.gamma(b) / mp.gamma(a + b)
        return x**a / a * mp.hyp2f1(a, 1 - b, a + 1, x) / beta / 2
    with mp.workdps(100 + int(t * t / 2)):  # of 1/2 next to nothing is left
        w = t / mp.sqrt(nu)
        constant = mp.gamma((nu + 1) / 2) / mp.gamma(nu / 2) / mp.sqrt(mp.pi)
        return mpf(1) / 2 - constant * w * mp.hyp2f1(mpf(1) / 2, (nu + 1) / 2, mpf(3) / 2, -w * w)


def density(family, nu, t):
    t = abs(t)
    if t == mp.inf:
        return mpf(0)
    if family == "GAUSSIAN":
        return mp.exp(-t * t / 2) / mp.sqrt(2 * mp.pi)
    if family == "LAPLACE":
        return mp.exp(-t) / 2
    if family == "LOGISTIC":
        return mp.exp(-t) / (1 + mp.exp(-t)) ** 2
    constant = mp.gamma((nu + 1) / 2) / mp.gamma(nu / 2) / mp.sqrt(mp.pi * nu)
    return constant * (1 + t * t / nu) ** (-(nu + 1) / 2)


def mass(family, nu, a, b):
    if b < 0 or a + b < 0:
        a, b = -b, -a
    tail = mpf(0) if b == mp.inf else upper_tail(family, nu, b)
    if a >= 0:
        return upper_tail(family, nu, a) - tail
    left = mpf(0) if a == -mp.inf else upper_tail(family, nu, -a)
    return 1 - left - tail


def log_mass(family, nu, a, b, log_sigma):
    if a == b:
        return mp.log(density(family, nu, a)) - log_sigma
    return mp.log(mass(family, nu, a, b))


def case(family, nu, lower, upper, mu, log_sigma):
    nu_, mu_, s_ = mpf(nu), mpf(mu), mpf(log_sigma)
    ends = [mpf(lower), mpf(upper)]

    def value(m, s, n):
        a, b = [(end - m) * mp.exp(-s) if mp.isfinite(end) else end for end in ends]
        return log_mass(family, mp.exp(n) if nu else mpf(0), a, b, s)

    n_ = mp.log(nu_) if nu else mpf(0)
    # Steps by which the relative error of the difference is far below that of a double
    scale = mp.exp(s_)
    finite = [end for end in ends if mp.isfinite(end)]
    narrow = scale * mpf(10) ** -22
    far = max([abs(end - mu_) / scale for end in finite] + [1])
    h = narrow / far
    hs = mpf(10) ** -22 / far
    v = value(mu_, s_, n_)
    by_mu = (value(mu_ + h, s_, n_) - value(mu_ - h, s_, n_)) / (2 * h)
    by_s = (value(mu_, s_ + hs, n_) - value(mu_, s_ - hs, n_)) / (2 * hs)
    by_n = 0
    if nu:
        hn = mpf(10) ** -22
        by_n = (value(mu_, s_, n_ + hn) - value(mu_, s_, n_ - hn)) / (2 * hn)
    numbers = [nu, lower, upper, mu, log_sigma]
    results = [mp.nstr(x, 20) for x in (v, by_mu, by_s, by_n)]
    print(",".join([family] + [repr(float(x)) for x in numbers] + results))


def label(kind, middle, sigma):
    side = random.choice([-1, 1])
    if kind == "exact":
        y = middle + sigma * random.gauss(0, 2)
        return y, y
    if kind == "interval":
        y = middle + sigma * random.gauss(0, 2)
        return y, y + sigma * math.exp(random.uniform(-3, 2))
    if kind == "open":
        y = middle + sigma * random.gauss(0, 3)
        return (y, math.inf) if side > 0 else (-math.inf, y)
    if kind == "around":
        return middle - sigma * random.expovariate(1), middle + sigma * random.expovariate(1)
    distance = 10 ** random.uniform(1, 6) if kind != "farthest" else 1e6
    y = middle + side * sigma * distance
    if kind == "ulp":
        y = middle + sigma * random.gauss(0, 2)
        return y, math.nextafter(y, math.inf)
    if kind == "far ulp":
        return y, math.nextafter(y, math.inf)
    if kind == "far exact":
        return y, y
    if kind == "far open towards" or kind == "farthest":
        return (y, math.inf) if side > 0 else (-math.inf, y)
    if kind == "far open":
        return (y, math.inf) if side < 0 else (-math.inf, y)
    if kind == "far interval":
        return y, y + sigma * math.exp(random.uniform(-12, 3))
    raise ValueError(kind)


KINDS = [
    "exact", "interval", "open", "around", "ulp", "far exact", "far ulp", "far open towards",
    "far open", "far interval", "farthest",
]
NUS = [0.001, 0.3, 1.0, 2.5, 7.0, 40.0, 3000.0, 6e7]
if __name__ == "__main__":
    random.seed(20)
    for family in ["GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T"]:
        for kind in KINDS:
            for i in range(8):
                mu = random.gauss(0, 3)
                log_sigma = random.uniform(-5, 4)
                nu = NUS[i] if family == "STUDENT_T" else 0
                if nu == 6e7 and kind.startswith("far"):
                    nu = 1e4  # beyond it mpmath's series take minutes there
                lower, upper = label(kind, mu, math.exp(log_sigma))
                case(family, nu, lower, upper, mu, log_sigma)
