# SPDX-License-Identifier: Apache-2.0
"""Reference values of negative binomial components, for NegativeBinomialReferenceTest.

Writes counts.json beside itself:

    python3 counts.py

Tool: Python 3.11, mpmath 1.3.0 with 120 decimal digits. About half a minute.

Every input is a double and every output is rounded once, to the nearest double; both are written
as Python's repr. With m = exp(mu), a = exp(s), r = 1/a:

logP        log Gamma(y + r) - log Gamma(r) - log Gamma(y + 1) - r log(1 + a m)
            + y (log(a m) - log(1 + a m))
slopeMu     (y - m) / (1 + a m)
slopeS      -r (psi(y + r) - psi(r) - log(1 + a m)) - (m - y) / (1 + a m)
logCdf      of P(Y <= y) as the sum P(y) + P(y - 1) + ..., each from the last by the ratio
            j (1 + a m) / (m (1 + a (j - 1))); logSurvival as P(y + 1) + P(y + 2) + ...; the smaller
            of the two, the other as 1 less it. Only where no more than 400,000 terms count.
"""

import json
import pathlib
import random

from mpmath import digamma, exp, floor, log, log1p, loggamma, mp, mpf, sqrt

mp.dps = 120
TERMS = 400_000


def log_p(y, m, a):
    r = 1 / a
    return (loggamma(y + r) - loggamma(r) - loggamma(y + 1) - r * log1p(a * m)
            + y * (log(a * m) - log1p(a * m)))


def slope_s(y, m, a):
    r = 1 / a
    return -r * (digamma(y + r) - digamma(r) - log1p(a * m)) - (m - y) / (1 + a * m)


def tails(y, m, a):
    """log P(Y <= y) and log P(Y > y), or None."""
    spread = sqrt(m + a * m * m)
    if 12 * spread + 100 > TERMS:
        return None
    mp.dps = 40
    m, a, y = +m, +a, int(y)
    lower = y < m
    term = total = exp(log_p(mpf(y if lower else y + 1), m, a))
    j = y if lower else y + 1
    count = 0
    while term > total * mpf(10) ** -30 and (j > 0 or not lower):
        if lower:
            term *= j * (1 + a * m) / (m * (1 + a * (j - 1)))
            j -= 1
        else:
            j += 1
            term *= m * (1 + a * (j - 1)) / (j * (1 + a * m))
        total += term
        count += 1
        if count > TERMS:
            mp.dps = 120
            return None
    other = log1p(-total)
    mp.dps = 120
    return (log(total), other) if lower else (other, log(total))


def main():
    rng = random.Random(20)
    cases = []
    for n in range(320):
        mu = rng.uniform(-13.8, 20.8) if n % 4 else rng.uniform(-2, 6)
        s = rng.choice([rng.uniform(-60, -20), rng.uniform(-20, -5), rng.uniform(-5, 2),
                        rng.uniform(2, 7)])
        m, a = exp(mpf(mu)), exp(mpf(s))
        spread = sqrt(m + a * m * m)
        z = rng.uniform(-3, 5)
        y = rng.choice([0, 1, 2, max(0, int(floor(m + z * spread))), int(floor(m)),
                        min(10 ** 9, int(floor(10 * m)) + 3), min(10 ** 9, int(rng.expovariate(1) * 1e4)),
                        10 ** 9])
        case = {"y": y, "mu": mu, "s": s, "logP": float(log_p(mpf(y), m, a)),
                "slopeMu": float((y - m) / (1 + a * m)), "slopeS": float(slope_s(mpf(y), m, a))}
        both = tails(y, m, a)
        if both is not None:
            case["logCdf"], case["logSurvival"] = float(both[0]), float(both[1])
        cases.append(case)
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


main()
