# SPDX-License-Identifier: Apache-2.0
"""Reference values of Laplace, logistic, Student's t, log-normal and von Mises components and of
mixtures of them, for FamilyReferenceTest.

Writes families.json beside itself:

    python3 families.py

Tool: Python 3.11, mpmath 1.3.0 with 40 decimal digits. About 4 minutes.

Every input is a double and every output is rounded once, to the nearest double; both are written
as Python's repr. With u = (y - mu) / s:

log density   LAPLACE      -|u| - log 2 s
              LOGISTIC     -u - 2 log(1 + exp(-u)) - log s
              STUDENT_T    log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log(nu pi) / 2 - log s
                           - (nu + 1) / 2 log(1 + u^2 / nu)
              LOG_NORMAL   the normal one of log y, - log y
              VON_MISES    kappa cos(y - mu) - log(2 pi I_0(kappa)), kappa in the place of s
log tails     closed forms; STUDENT_T by the incomplete beta function (betainc, regularised) of
              nu / (nu + u^2), above nu = 1000 by quadrature; LOG_NORMAL by erfc, VON_MISES by quadrature from -pi to y and from y
              to pi, both cut where the density is least and largest
entropy       -integral f log f; divergence: integral f log(f / g); bhattacharyya: -log integral
              sqrt(f g), by quadrature (tanh-sinh) between the locations and around them in steps
              that double (LOG_NORMAL: in log y)
CRPS          of mixtures with weights w / sum(w): integral of F^2 below y and of (1 - F)^2 above.
              VON_MISES: E a(Y, y) - E a(Y, Y') / 2 with the arc a, by its Fourier series
"""

import json
import pathlib

from mpmath import (betainc, besseli, cos, erfc, exp, log, loggamma, log1p, mp, mpf, pi, quad,
                    sqrt)

mp.dps = 40


def log_density(family, mu, s, nu, y):
    mu, s, y = mpf(mu), mpf(s), mpf(y)
    if family == "VON_MISES":
        return s * cos(y - mu) - log(2 * pi) - log_i0(s)
    if family == "LOG_NORMAL":
        u = (log(y) - mu) / s
        return -log(y) - log(s) - log(2 * pi) / 2 - u * u / 2
    u = abs(y - mu) / s
    if family == "LAPLACE":
        return -u - log(2 * s)
    if family == "LOGISTIC":
        return -u - 2 * log1p(exp(-u)) - log(s)
    nu = mpf(nu)
    return (loggamma((nu + 1) / 2) - loggamma(nu / 2) - log(nu * pi) / 2 - log(s)
            - (nu + 1) / 2 * log1p(u * u / nu))


I0 = {}


def log_i0(kappa):
    if kappa not in I0:
        I0[kappa] = log(besseli(0, kappa)) if kappa < 500 else kappa + log(
            quad(lambda x: exp(kappa * (cos(x) - 1)), steps_around(0, 1 / sqrt(kappa), 0, pi)) / pi)
    return I0[kappa]


def steps_around(center, scale, lower, upper):
    """Break points at the center and at distances that double, within the range."""
    points = {mpf(lower), mpf(upper), mpf(center)} if lower <= center <= upper else {
        mpf(lower), mpf(upper)}
    for j in range(-2, 9):
        for side in (-1, 1):
            point = center + side * scale * mpf(2) ** j
            if lower < point < upper:
                points.add(mpf(point))
    return sorted(points)


def log_upper(family, mu, s, nu, y):
    """log P(Y > y)."""
    mu, s, y = mpf(mu), mpf(s), mpf(y)
    if family == "LOG_NORMAL":
        return log(erfc((log(y) - mu) / s / sqrt(mpf(2))) / 2)
    if family == "VON_MISES":
        return log(arc(mu, s, y, PI))
    u = (y - mu) / s
    if family == "LAPLACE":
        return -u - log(mpf(2)) if u >= 0 else log1p(-exp(u) / 2)
    if family == "LOGISTIC":
        return -log1p(exp(u)) if u < 0 else -u - log1p(exp(-u))
    nu = mpf(nu)
    tail = log_t_tail(nu, abs(u))
    return tail if u >= 0 else log1p(-exp(tail))


def log_t_tail(nu, u):
    if nu <= 1000:
        return log(betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + u * u), regularized=True) / 2)
    # The series of betainc converges too slowly: quadrature in steps that double.
    log_at = log_density("STUDENT_T", 0, 1, nu, u)
    step = (nu + u * u) / ((nu + 1) * max(u, mpf(1)))
    points = [u] + [u + step * mpf(2) ** j for j in range(-2, 30)]
    return log_at + log(quad(
        lambda x: exp(log_density("STUDENT_T", 0, 1, nu, x) - log_at), points))


def log_lower(family, mu, s, nu, y):
    """log P(Y <= y)."""
    if family == "LOG_NORMAL":
        return log(erfc(-(log(mpf(y)) - mpf(mu)) / mpf(s) / sqrt(mpf(2))) / 2)
    if family == "VON_MISES":
        return log(arc(mpf(mu), mpf(s), -PI, mpf(y)))
    return log_upper(family, -mpf(mu), s, nu, -mpf(y))


PI = mpf(float(pi))  # angles are doubles, and so are the ends of their range


def arc(mu, kappa, start, end):
    scale = 1 / sqrt(kappa) if kappa > 1 else mpf(1)
    points = {start, end}
    for turn in (-1, 0, 1):
        center = mu + 2 * pi * turn
        points.update(p for p in steps_around(center, scale, center - 4, center + 4)
                      if start < p < end)
    # Far from mu all is within a few 1/kappa of an end.
    for tip in (start, end):
        points.update(p for p in (tip + side * mpf(2) ** j / max(kappa, 1)
                                  for j in range(-1, 25) for side in (-1, 1)) if start < p < end)
    return quad(lambda x: exp(log_density("VON_MISES", mu, kappa, None, x)), sorted(points))


def line(family, *components):
    """Break points over the support for all components."""
    points = set()
    for mu, s, nu in components:
        mu, s = mpf(mu), mpf(s)
        if family == "VON_MISES":
            scale = 1 / sqrt(s) if s > 1 else mpf(1)
            for turn in (-1, 0, 1):
                points.update(p for p in steps_around(mu + 2 * pi * turn, scale, -8, 8)
                              if -pi < p < pi)
        else:
            far = 400 if family == "STUDENT_T" else 10
            points.update(mu + side * s * mpf(2) ** j for j in range(-2, far) for side in (-1, 1))
            points.add(mu)
    ends = (-pi, pi) if family == "VON_MISES" else ()
    return sorted(points.union(ends))


def integral(family, f, *components):
    """Over the support; of LOG_NORMAL in z = log y."""
    if family == "LOG_NORMAL":
        return quad(lambda z: f(exp(z)) * exp(z), line(family, *components))
    return quad(f, line(family, *components))


def distribution(family, weights, components, upper, y):
    total = sum(mpf(w) for w in weights)
    tail = log_upper if upper else log_lower
    return sum(mpf(w) * exp(tail(family, *c, y)) for w, c in zip(weights, components)) / total


def crps(family, weights, components, y):
    y = mpf(y)
    if family == "VON_MISES":
        return circular_crps(weights, components, y)
    change = log if family == "LOG_NORMAL" else lambda x: x
    points = [p for p in line(family, *components)]
    below = sorted([p for p in points if p < change(y)] + [change(y)])
    above = sorted([p for p in points if p > change(y)] + [change(y)])

    def square(upper):
        def f(x):
            x, step = (exp(x), exp(x)) if family == "LOG_NORMAL" else (x, 1)
            return distribution(family, weights, components, upper, x) ** 2 * step
        return f

    with mp.workdps(25):
        return ((quad(square(False), below) if len(below) > 1 else 0)
                + (quad(square(True), above) if len(above) > 1 else 0))


def circular_crps(weights, components, y):
    """(2 / pi) sum over odd m of |phi_m - exp(i m y)|^2 / m^2, phi the characteristic function."""
    total = sum(mpf(w) for w in weights)
    with mp.workdps(25):
        rest = pi ** 2 / 8
        result = mpf(0)
        m = 1
        while True:
            ratios = [besseli(m, mpf(k)) / besseli(0, mpf(k)) for _, k, _ in components]
            phi = sum(mpf(w) / total * a * mp.expj(m * (mpf(mu) - y))
                      for w, (mu, _, _), a in zip(weights, components, ratios))
            result += abs(phi - 1) ** 2 / m ** 2
            rest -= mpf(1) / m ** 2
            if max(ratios) < mpf(10) ** -24:
                return 2 / pi * (result + rest)
            m += 2


COMPONENTS = {
    "LAPLACE": [(0, 1, None), (2.5, 0.05, None), (-1000, 30, None)],
    "LOGISTIC": [(0, 1, None), (2.5, 0.05, None), (-1000, 30, None)],
    "STUDENT_T": [(0, 1, nu) for nu in (0.5, 1, 1.8, 3, 30, 1e4, 1e6)] + [(2.5, 0.05, 4.5)],
    "LOG_NORMAL": [(0, 1, None), (-1, 0.25, None), (2, 3, None)],
    "VON_MISES": [(0, 1e-6, None), (1, 0.3, None), (3, 5, None), (-2, 80, None), (0.5, 1e4, None),
                  (2, 1e6, None)],
}
DISTANCES = [-700, -40, -8, -1, -0.01, 0, 0.3, 3, 20, 300]
HEAVY = [-1e100, -1e10, 1e5, 1e150]
PAIRS = {
    "LAPLACE": [(0, 1, None), (0.5, 1.1, None), (4, 0.2, None)],
    "LOGISTIC": [(0, 1, None), (0.5, 1.1, None), (4, 0.2, None)],
    "STUDENT_T": [(0, 1, 3), (0.5, 1.1, 1), (4, 0.2, 50)],
    "LOG_NORMAL": [(0, 1, None), (0.5, 1.1, None), (2, 0.2, None)],
    "VON_MISES": [(0, 1, None), (3, 1.1, None), (-3, 40, None)],
}
OUTCOMES = {family: [-5, 0, 0.4, 3, 30] for family in PAIRS}
OUTCOMES["LOG_NORMAL"] = [1e-3, 0.5, 1, 7, 300]
OUTCOMES["VON_MISES"] = [-3.1, -1, 0, 2, 3.1]


def points(family, mu, s):
    if family == "LOG_NORMAL":
        return [float(exp(mu + s * u)) for u in (-35, -8, -1, -0.01, 0, 0.3, 3, 12, 30)]
    if family == "VON_MISES":
        near = [mu + u / float(sqrt(max(s, 1))) for u in (-6, -1, -0.01, 0, 0.3, 3, 7)]
        return [y for y in near + [-3, -1.5, 0.1, 1.5, 3] if -3.14 < y < 3.14]
    return [mu + s * u for u in DISTANCES + (HEAVY if family == "STUDENT_T" else [])]


def tails(family, component, y):
    if family == "VON_MISES" and component[1] > 1e5 and abs(y - component[0]) > 1:
        return {}  # beyond what quadrature in so many digits resolves
    return {"logCdf": float(log_lower(family, *component, y)),
            "logSurvival": float(log_upper(family, *component, y))}


def reference(family):
    singles = []
    for component in COMPONENTS[family]:
        mu, s, nu = component
        singles.append({
            "location": mu, "scale": s, "degrees": nu,
            "values": [{"y": y, "logDensity": float(log_density(family, mu, s, nu, y)),
                        **tails(family, component, y)} for y in points(family, mu, s)]})
    pairs = []
    for i, a in enumerate(PAIRS[family]):
        for j, b in enumerate(PAIRS[family]):
            def log_a(y, a=a):
                return log_density(family, *a, y)

            def log_b(y, b=b):
                return log_density(family, *b, y)

            with mp.workdps(25):
                pairs.append({
                    "from": i, "to": j,
                    "divergence": float(integral(
                        family, lambda y: exp(log_a(y)) * (log_a(y) - log_b(y)), a, b)),
                    "bhattacharyya": float(-log(integral(
                        family, lambda y: exp((log_a(y) + log_b(y)) / 2), a, b)))})
    with mp.workdps(25):
        entropies = [
            float(integral(family, lambda y, c=c: -exp(log_density(family, *c, y))
                           * log_density(family, *c, y), c)) for c in PAIRS[family]]
    scored = [c for c in PAIRS[family] if c[2] is None or c[2] > 1]
    weights = [3, 1, 2][:len(scored)]
    scores = [{"y": y, "crps": float(crps(family, weights, scored, y))} for y in OUTCOMES[family]]
    return {"family": family, "components": singles,
            "pairs": {"parameters": PAIRS[family], "values": pairs, "entropies": entropies},
            "mixture": {"weights": weights, "parameters": scored, "scores": scores}}


if __name__ == "__main__":
    result = {"digits": mp.dps, "families": [reference(family) for family in COMPONENTS]}
    path = pathlib.Path(__file__).with_name("families.json")
    path.write_text(json.dumps(result, indent=1) + "\n")
