# SPDX-License-Identifier: Apache-2.0
"""Writes count-mass.csv: log probabilities of intervals of counts, and their derivatives.

  /usr/bin/python3 count-mass.py > count-mass.csv      (mpmath, 50 digits; about 2 minutes)

Columns: mean m, dispersion alpha, first and last count of the interval (both in it), log P, its
derivative by log m, by log alpha. Inputs are doubles, taken exactly. Sums are term by term, with the
ratio of neighbours; where more than 60,000 terms matter by Euler and Maclaurin's formula,

  sum of f over l..u = integral of f from l - 1/2 to u + 1/2 - df'/24 + 7 df'''/5760 - 31 df(5)/967680
"""
import math
import random
from mpmath import mp, mpf

mp.dps = 50
MOST = 60000


def log_p(m, a, y):
    r = 1 / a
    return (
        mp.loggamma(y + r)
        - mp.loggamma(r)
        - mp.loggamma(y + 1)
        - r * mp.log1p(a * m)
        + y * mp.log(a * m / (1 + a * m))
    )


def by_alpha(m, a, y):
    r = 1 / a
    return -r * (mp.digamma(y + r) - mp.digamma(r) - mp.log1p(a * m) + 1 - (r + y) / (r + m))


def sums(m, a, l, u):
    """log P and the means of both slopes, over l..u."""
    peak = max(l, min(u, mp.floor(max(0, (1 - a) * m))))
    top, slope = log_p(m, a, peak), by_alpha(m, a, peak)
    limit = a * m / (1 + a * m)
    total, distance, bend = mpf(1), mpf(0), mpf(0)
    for step in (1, -1):
        y, w, d = peak, mpf(1), mpf(0)
        n = 0
        while (y < u) if step > 0 else (y > l):
            low = y if step > 0 else y - 1
            ratio = m / (1 + a * m) * (1 + a * low) / (low + 1)
            ratio = ratio if step > 0 else 1 / ratio
            d += step * a * (low - m) / ((1 + a * m) * (1 + a * low))
            w *= ratio
            y += step
            total += w
            distance += w * (y - peak)
            bend += w * d
            most = max(ratio, limit) if step > 0 else ratio
            if w < mpf(10) ** -42 * (1 - most) ** 3:
                break
            n += 1
            if n > MOST:
                return smooth(m, a, l, u, peak, top, slope)
    return (
        top + mp.log(total),
        (peak + distance / total - m) / (1 + a * m),
        slope + bend / total,
    )


def smooth(m, a, l, u, peak, top, slope):
    sd = mp.sqrt(m + a * m * m)
    tail = 1 / mp.log1p(1 / (a * m))
    edges = [m + k * sd for k in (-12, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12)]
    fall = 1 / abs(mp.log(m / (1 + a * m) * (1 + a * peak) / (peak + 1)) or mpf(1) / sd)
    edges += [peak + s * k * f for k in (0.1, 1, 3, 8, 16, 32, 64, 110) for s in (1, -1) for f in (fall, tail)]
    edges += [peak * mpf(2) ** -k for k in range(0, 60)] if a > 1 else []
    end = min(u + mpf(1) / 2, max(edges))
    start = max(l - mpf(1) / 2, min(min(edges), peak) - 1)
    inner = sorted(e for e in edges if start < e < end)
    points = [start] + inner + [end]
    results = []
    for g in (lambda y: 1, lambda y: y - peak, lambda y: by_alpha(m, a, y) - slope):
        f = lambda y: mp.exp(log_p(m, a, y) - top) * g(y)
        value = mp.quad(f, points)
        for c, order in ((-mpf(1) / 24, 1), (mpf(7) / 5760, 3), (-mpf(31) / 967680, 5)):
            value += c * (mp.diff(f, end, order, h=mpf(1) / 16) - mp.diff(f, start, order, h=mpf(1) / 16))
        results.append(value)
    total, distance, bend = results
    return (
        top + mp.log(total),
        (peak + distance / total - m) / (1 + a * m),
        slope + bend / total,
    )


def write(m, a, l, u):
    if l == 0 and u == math.inf:
        return
    exact = [mpf(x) for x in (m, a)]
    if u == math.inf and (l <= 1 or a > 1 and l < 1000) or l == 0 and u > m:  # near 1 as what is left out
        value, s1, s2 = sums(*exact, *((mpf(u) + 1, mp.inf) if l == 0 else (mpf(0), mpf(l) - 1)))
        p = mp.exp(value)
        value, s1, s2 = mp.log1p(-p), -p / (1 - p) * s1, -p / (1 - p) * s2
    else:
        value, s1, s2 = sums(*exact, mpf(l), mp.inf if u == math.inf else mpf(u))
    cells = [repr(float(x)) for x in (m, a, l, u)] + [mp.nstr(x, 20) for x in (value, s1, s2)]
    print(" ".join(cells).replace("inf", "Infinity"))


random.seed(40)
for m in [1e-6, 0.3, 7.0, 130.0, 2500.0, 1e6]:
    for a in [1e-12, 1e-3, 0.4, 1.7, 40.0]:
        sd = math.sqrt(m + a * m * m)
        if sd > 4000:
            continue
        for reach in [0, 1, 6, 40]:
            for side in (1, -1):
                y = round(m + side * reach * sd * random.uniform(0.7, 1.3))
                if y < 0 or side < 0 and reach == 0:
                    continue
                width = max(1, round(sd * random.choice([0.01, 0.5, 3])))
                for l, u in [(y, math.inf), (0, y), (y, y + 1), (y, y + width)]:
                    write(m, a, l, u)
for m, a, l, u in [
    (1e9, 1e-12, 999950000, math.inf),
    (1e9, 1e-12, 999950000, 1000020000),
    (1e9, 0.3, 0, 700000000),
    (1e9, 0.3, 1500000000, math.inf),
    (1e9, 0.3, 200000000, 2200000000),
    (1e9, 0.3, 30000000000, math.inf),
    (1e6, 0.02, 1500000, 1800000),
    (1e6, 0.02, 0, 400000),
    (1e6, 40.0, 2, math.inf),
    (5e4, 3.0, 100, math.inf),
    (12.0, 1e8, 1, math.inf),
    (12.0, 1e8, 1, 100),
    (0.5, 0.8, 1000000, math.inf),
    (20.0, 1e-6, 1000000, math.inf),
]:
    write(m, a, l, u)
