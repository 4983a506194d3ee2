# SPDX-License-Identifier: Apache-2.0
"""Writes truncated.csv: mixtures within a range, by mpmath with 30 digits.

  /usr/bin/python3 truncated.py > truncated.csv

Columns, divided by ';': family, lower, upper, weights, locations, scales, degrees of freedom, y;
then log density and log cdf at y, mean, standard deviation, median, upper quantile of 1e-6, CRPS
of y, entropy. The numbers of a list are divided by blanks.
"""
import importlib.util
import os
from mpmath import mp, mpf

here = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(here, "..", "numerics", "log-mass.py")
loader = importlib.util.spec_from_file_location("log_mass", path)
masses = importlib.util.module_from_spec(loader)
loader.loader.exec_module(masses)
mp.dps = 30


def log_density(family, mu, s, nu, y):
    if family == "LOG_NORMAL":
        if y <= 0:
            return -mp.inf
        return log_density("GAUSSIAN", mu, s, nu, mp.log(y)) - mp.log(y)
    u = abs((y - mu) / s)
    if family == "GAUSSIAN":
        return -u * u / 2 - mp.log(s * mp.sqrt(2 * mp.pi))
    if family == "LAPLACE":
        return -u - mp.log(2 * s)
    if family == "LOGISTIC":
        return -u - 2 * mp.log1p(mp.exp(-u)) - mp.log(s)
    constant = mp.loggamma((nu + 1) / 2) - mp.loggamma(nu / 2) - mp.log(mp.pi * nu) / 2
    return constant - (nu + 1) / 2 * mp.log1p(u * u / nu) - mp.log(s)


def case(family, a, b, weights, mus, scales, nus, y):
    a, b, y = mpf(a), mpf(b), mpf(y)
    parts = [tuple(map(mpf, part)) for part in zip(weights, mus, scales, nus)]
    points = {a, b, y}
    for _, mu, s, _ in parts:
        center = mp.exp(mu) if family == "LOG_NORMAL" else mu
        width = center * s if family == "LOG_NORMAL" else s
        for step in range(-12, 13):
            points.add(center + step * width)
        for power in range(2, 40):
            points.add(center + width * mpf(2) ** power)
            points.add(center - width * mpf(2) ** power)
    near = a if mp.isfinite(a) else b
    far = max(abs(near - mu) / s for _, mu, s, _ in parts)
    for step in range(1, 60):
        tail = min(s for _, _, s, _ in parts) / max(far, 1) * step
        points.update([near + tail, near - tail])
    if family == "LOG_NORMAL":
        a = max(a, mpf(0))
        points.add(mpf(0))
    inside = sorted(p for p in points if a <= p <= b and mp.isfinite(p))
    if mp.isinf(b):
        inside.append(b)
    # Relative to the largest, so that nothing underflows
    top = max(
        mp.log(w) + log_density(family, mu, s, nu, p if mp.isfinite(p) else near)
        for p in inside
        for w, mu, s, nu in parts
    )

    def f(t):
        return sum(mp.exp(mp.log(w) + log_density(family, mu, s, nu, t) - top) for w, mu, s, nu in parts)

    def integral(g, lower, upper):
        grid = [lower] + [p for p in inside if lower < p < upper] + [upper]
        return sum(mp.quad(g, [p, q]) for p, q in zip(grid, grid[1:]))

    mass = integral(f, a, b)

    def part(family, mu, s, nu, lower, upper):
        if family == "LOG_NORMAL":
            lower = mp.log(lower) if lower > 0 else -mp.inf
            upper = mp.inf if mp.isinf(upper) else mp.log(upper)
            family = "GAUSSIAN"
        lower, upper = [(e - mu) / s if mp.isfinite(e) else e for e in (lower, upper)]
        if lower == upper:
            return mpf(0)
        with mp.workdps(60):
            return masses.mass(family, nu, lower, upper)

    whole = sum(w * part(family, mu, s, nu, a, b) for w, mu, s, nu in parts)
    cdf = lambda t: sum(w * part(family, mu, s, nu, a, t) for w, mu, s, nu in parts) / whole
    survival = lambda t: sum(w * part(family, mu, s, nu, t, b) for w, mu, s, nu in parts) / whole
    mean = integral(lambda t: t * f(t), a, b) / mass
    variance = integral(lambda t: (t - mean) ** 2 * f(t), a, b) / mass
    entropy = integral(lambda t: -f(t) / mass * mp.log(f(t) / mass), a, b)

    def quantile(p, upper):
        finite = [point for point in inside if mp.isfinite(point)]
        low, high = finite[0], finite[-1]
        for _ in range(110):
            middle = (low + high) / 2
            if (survival(middle) > p) if upper else (cdf(middle) < p):
                low = middle
            else:
                high = middle
        return low

    # CRPS = E|Y - y| - E|Y - Y'| / 2, with E|Y - Y'|/2 = integral of F (1 - F)
    misses = lambda: integral(lambda t: cdf(t) * survival(t), a, b)

    away = integral(lambda t: abs(t - y) * f(t), a, b) / mass
    crps = away - misses()
    results = [
        mp.log(f(y) / mass), mp.log(cdf(y)), mean, mp.sqrt(variance), quantile(mpf("0.5"), False),
        quantile(mpf("1e-6"), True), crps, entropy,
    ]
    text = lambda values: " ".join(repr(float(v)) for v in values)
    cells = [family, repr(float(a)), repr(float(b)), text(weights), text(mus), text(scales), text(nus)]
    print(";".join(cells + [repr(float(y))] + [mp.nstr(r, 17) for r in results]))


INF = float("inf")
W = [0.375, 0.625]
for family in ["GAUSSIAN", "LAPLACE", "LOGISTIC", "STUDENT_T"]:
    nus = [3.5, 8.0] if family == "STUDENT_T" else [INF, INF]
    nus_ = nus if family == "STUDENT_T" else [1.0, 1.0]
    case(family, -1.0, 2.5, W, [-0.5, 2.0], [0.5, 1.25], nus_, 0.75)
    case(family, 3.0, 9.0, W, [-0.5, 2.0], [0.5, 1.25], nus_, 3.5)
    case(family, 40.0, 50.0, W, [-0.5, 2.0], [0.5, 1.25], nus_, 40.25)
    case(family, -60.0, -20.0, W, [-0.5, 2.0], [0.5, 1.25], nus_, -20.5)
    if family != "STUDENT_T":
        case(family, 1.0, INF, W, [-0.5, 2.0], [0.5, 1.25], nus_, 1.5)
case("LOG_NORMAL", 0.5, 3.0, W, [-0.5, 1.0], [0.5, 0.25], [1.0, 1.0], 0.75)
case("LOG_NORMAL", -1.0, 2.0, W, [-0.5, 1.0], [0.5, 0.25], [1.0, 1.0], 0.75)
