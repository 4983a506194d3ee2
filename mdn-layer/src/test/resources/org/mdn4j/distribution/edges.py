# SPDX-License-Identifier: Apache-2.0
"""Reference values at the edges of the parameters' ranges, for EdgesReferenceTest.

Writes edges.json beside itself:

    python3 edges.py

Tool: Python 3.11, mpmath 1.3.0 with 50 decimal digits and more where a difference needs them.

Every input is a double and every output is rounded once, to the nearest double, which may be 0 or
infinite; both are written as Python's repr. Weights are given unnormalised. Formulas are those of
families.py and gaussian-mixtures.py; integrals over scales of very different size are taken over
log |u| in pieces. With u = (y - mu) / s:

quantile      the root in log |u| of log P(U > u), from where it is bracketed
CRPS          STUDENT_T: of one component at its location 2 s integral of P(U > u)^2 over u > 0;
              LOG_NORMAL: integral over z = log y; VON_MISES with large kappa: Gaussian, whose
              relative difference is of the order 1 / kappa
bounds        Kolchinsky and Tracey's, from D(N_i || N_j) and -log integral sqrt(N_i N_j)
"""

import functools
import json
import pathlib

from mpmath import (asinh, besseli, betainc, cos, erf, erfc, exp, expm1, findroot, inf, log, log1p,
                    loggamma, mp, mpf, pi, quad, sinh, cosh, sqrt, tanh)

mp.dps = 50
CASES = []


def case(question, family, weights, locations, scales, value, arguments=(), degrees=None,
         tolerance=1e-12):
    """One question about a mixture; the tolerance is relative, for logarithms to 1 + size."""
    values = value if isinstance(value, list) else [value]
    CASES.append({"question": question, "family": family, "weights": weights,
                  "locations": locations, "scales": scales, "degrees": degrees,
                  "arguments": list(arguments), "values": [rounded(v) for v in values],
                  "tolerance": tolerance})


def rounded(value):
    """The nearest double; infinite beyond the largest, as Java's String has it."""
    number = float(value)
    return {float("inf"): "Infinity", float("-inf"): "-Infinity"}.get(number, repr(number))


# --- single components, everything in logarithms of |u| ---

@functools.lru_cache(maxsize=None)
def t_constant(nu):
    with mp.workdps(400):  # of large nu all but the last digits cancel
        return loggamma((nu + 1) / 2) - loggamma(nu / 2) - log(nu * pi) / 2


def t_log_density(nu, log_u):
    """log g(u) from log |u|."""
    return t_constant(nu) - (nu + 1) / 2 * log1p(exp(2 * log_u) / nu)


def t_log_tail(nu, log_u):
    """log P(U > u), u > 0; beyond nu = 1000 by quadrature over the tail's own length."""
    u = exp(log_u)
    if nu <= 1000:
        x = nu / (nu + u * u)
        # The series of betainc at a tiny first argument: I_x(a, b) = 1 - I_{1-x}(b, a).
        if nu < mpf(10) ** -6:
            return log((1 - betainc(mpf(1) / 2, nu / 2, 0, 1 - x, regularized=True)) / 2) \
                if 1 - x < mpf(1) / 2 else log(betainc(nu / 2, mpf(1) / 2, 0, x,
                                                       regularized=True) / 2)
        return log(betainc(nu / 2, mpf(1) / 2, 0, x, regularized=True) / 2)
    log_at = t_log_density(nu, log_u)
    step = (nu + u * u) / ((nu + 1) * max(u, mpf(1)))
    points = [u] + [u + step * mpf(2) ** j for j in range(-3, 12)]
    return log_at + log(quad(lambda v: exp(t_log_density(nu, log(v)) - log_at), points))


def t_log_quantile(nu, q):
    """log of the u with P(U > u) = q < 1/2."""
    target = log(mpf(q))
    low, high = mpf(-2000), mpf(10)
    while t_log_tail(nu, high) > target:
        high *= 2
    for _ in range(240):
        middle = (low + high) / 2
        if t_log_tail(nu, middle) > target:
            low = middle
        else:
            high = middle
    return low


def student():
    for nu in ("5e-324", "1e-300", "1e-12", "1e-9", "3e-8", "0.001", "0.3", "1.7", "40", "1e6",
               "3e8", "1e12", "1e300", "1.7e308"):
        nu = float(nu)
        m = mpf(nu)
        for y in (1e-320, 1e-30, 0.1, 1.0, 6.0, 50.0, 1e8, 1e155, 1.7e308):
            log_u = log(mpf(y))
            if nu > 1000 and y > 1e5:
                continue  # below all doubles but the logarithm's, and slow
            case("logDensity", "STUDENT_T", [1], [0], [1], t_log_density(m, log_u), [y], [nu])
            tail = t_log_tail(m, log_u) if y > 1e-300 else log(mpf(1) / 2)
            case("logSurvival", "STUDENT_T", [1], [0], [1], tail, [y], [nu])
            case("survival", "STUDENT_T", [1], [0], [1], exp(tail), [y], [nu], 1e-11)
    # u beyond all doubles, y not
    for nu, scale, y in ((0.002, 1e-300, 1e300), (1.5, 1e-310, 1e20), (0.1, 5e-324, 1.7e308),
                         (1e-9, 1e-200, 1e200), (0.7, 1.7e308, 1e-300)):
        log_u = log(mpf(y)) - log(mpf(scale))
        case("logDensity", "STUDENT_T", [1], [0], [scale],
             t_log_density(mpf(nu), log_u) - log(mpf(scale)), [y], [nu])
        tail = t_log_tail(mpf(nu), log_u) if log_u > -1000 else log(mpf(1) / 2)
        case("logSurvival", "STUDENT_T", [1], [0], [scale], tail, [y], [nu])
        case("cdf", "STUDENT_T", [1], [0], [scale], exp(tail), [-y], [nu])
    for nu, scale, p in ((0.5, 1, 1e-160), (0.5, 1, 1e-150), (0.002, 1, 0.01), (0.002, 1e-300, 0.01),
                         (0.002, 1e-300, 0.2), (0.5, 1e-300, 1e-250), (0.01, 1, 0.02),
                         (1e-9, 1, 0.4999999), (1e-9, 1, 0.4), (1e-300, 1, 0.25), (3, 1, 1e-300),
                         (1e6, 1, 1e-300), (1e12, 1, 1e-10), (1.7e308, 1, 1e-300), (2e-8, 1, 0.4999),
                         (0.3, 1.7e308, 0.4), (0.3, 5e-324, 1e-100)):
        log_y = t_log_quantile(mpf(nu), p) + log(mpf(scale))
        value = exp(log_y) if log_y < 800 else mpf(inf)
        # A rounding of p is felt 1/nu times as much.
        tolerance = max(1e-11, 1e-15 / nu)
        case("quantile", "STUDENT_T", [1], [0], [scale], -value, [p], [nu], tolerance)
        case("survivalQuantile", "STUDENT_T", [1], [0], [scale], value, [p], [nu], tolerance)
    for nu in (0.5000001, 0.51, 0.6, 0.75, 0.99, 1.0, 1.01, 1.5, 2.0, 30.0):
        case("crps", "STUDENT_T", [1], [0], [1], t_crps(mpf(nu)), [0], [nu], 1e-9)
    case("crps", "STUDENT_T", [1], [0], [1], 2 * log(mpf(2)) / pi, [0], [1], 1e-10)
    case("crps", "STUDENT_T", [1], [0], [1e300], 1e300 * t_crps(mpf(0.75)), [0], [0.75], 1e-9)
    case("crps", "STUDENT_T", [1], [0], [1e-300], mpf(1e-300) * t_crps(mpf(0.75)), [0], [0.75], 1e-9)
    case("crps", "STUDENT_T", [1], [3], [1e-300], mpf(1e-300) * t_crps(mpf(0.75)), [3], [0.75], 1e-9)
    for nu in (0.5, 0.3, 1e-300):
        case("crps", "STUDENT_T", [1, 1], [0, 0], [1, 1], mpf(inf), [0], [nu, 5])
    for nu in (1e-300, 1e-12, 0.001, 0.3, 1.0, 1e6, 1e300):
        m = mpf(nu)
        psi = mp.digamma
        with mp.workdps(700):
            entropy = (m + 1) / 2 * (psi((m + 1) / 2) - psi(m / 2)) - t_constant(m)
        case("entropy", "STUDENT_T", [1], [0], [1], entropy, [], [nu])


def pieces(low, high, width=4):
    count = int((high - low) / width) + 1
    return [low + (high - low) * i / count for i in range(count + 1)]


def t_crps(nu):
    """At the location: 2 integral_0^inf P(U > u)^2 du, a power from u = e^60 on."""
    with mp.workdps(30):
        body = quad(lambda s: exp(2 * t_log_tail(nu, s) + s), pieces(mpf(-50), mpf(60), 5))
        return 2 * (body + exp(2 * t_log_tail(nu, mpf(60)) + 60) / (2 * nu - 1))


# --- pairs of components at one location, for entropy's bounds ---

def bounds(entropies, divergences, distances, weights):
    total = sum(mpf(w) for w in weights)
    w = [mpf(x) / total for x in weights]
    n = range(len(w))
    inside = sum(w[i] * entropies[i] for i in n)

    def with_distance(d):
        return -sum(w[i] * log(sum(w[j] * exp(-d[i][j]) for j in n)) for i in n)
    return [inside + with_distance(distances), inside + with_distance(divergences)]


def laplace_pair(a, b):
    """Entropies, divergences and distances of Laplace components at one location."""
    s = [mpf(a), mpf(b)]
    kl = [[s[i] / s[j] - 1 - log(s[i] / s[j]) for j in (0, 1)] for i in (0, 1)]
    bh = [[-log(2 * sqrt(s[i] * s[j]) / (s[i] + s[j])) for j in (0, 1)] for i in (0, 1)]
    return [1 + log(2 * x) for x in s], kl, bh


def gaussian_pair(a, b):
    s = [mpf(a), mpf(b)]
    kl = [[((s[i] / s[j]) ** 2 - 1) / 2 - log(s[i] / s[j]) for j in (0, 1)] for i in (0, 1)]
    bh = [[log((s[i] ** 2 + s[j] ** 2) / (2 * s[i] * s[j])) / 2 for j in (0, 1)] for i in (0, 1)]
    return [log(2 * pi * x * x) / 2 + mpf(1) / 2 for x in s], kl, bh


def numeric_pair(log_density, logs, entropies, reach):
    """Both sides are alike: integrals over log |y| from far below the narrow to far above."""
    low = min(logs) - 60
    high = max(logs) + reach
    grid = pieces(low, high, 3)
    kl = [[mpf(0), mpf(0)], [mpf(0), mpf(0)]]
    bh = [[mpf(0), mpf(0)], [mpf(0), mpf(0)]]
    with mp.workdps(30):
        for i, j in ((0, 1), (1, 0)):
            kl[i][j] = 2 * quad(lambda s: exp(log_density(i, s) + s)
                                * (log_density(i, s) - log_density(j, s)), grid)
        both = quad(lambda s: exp((log_density(0, s) + log_density(1, s)) / 2 + s), grid)
        bh[0][1] = bh[1][0] = -log(2 * both)
    return entropies, kl, bh


def student_pair(a, b, nu):
    m = mpf(nu)
    logs = [log(mpf(a)), log(mpf(b))]
    unit = (m + 1) / 2 * (mp.digamma((m + 1) / 2) - mp.digamma(m / 2)) - t_constant(m)
    return numeric_pair(lambda i, s: t_log_density(m, s - logs[i]) - logs[i], logs,
                        [unit + x for x in logs], 90 / m + 40)


def logistic_pair(a, b):
    logs = [log(mpf(a)), log(mpf(b))]

    def log_density(i, s):
        u = exp(s - logs[i])
        return -u - 2 * log1p(exp(-u)) - logs[i]
    return numeric_pair(log_density, logs, [2 + x for x in logs], 6)


def entropies():
    for a, b in ((1e-300, 1e299), (1e-3, 1e3), (5e-324, 1.7e308), (1e-200, 1e200)):
        for family, pair in (("LAPLACE", laplace_pair), ("GAUSSIAN", gaussian_pair)):
            with mp.workdps(700):
                value = bounds(*pair(a, b), [1, 3])
            case("entropyBounds", family, [1, 3], [0, 0], [a, b], value)
    for a, b in ((1e-200, 1e200), (1e-3, 1e3)):
        for nu in (3, 1, 0.4):
            case("entropyBounds", "STUDENT_T", [1, 3], [0, 0], [a, b],
                 bounds(*student_pair(a, b, nu), [1, 3]), [], [nu, nu], 1e-9)
        case("entropyBounds", "LOGISTIC", [1, 3], [0, 0], [a, b],
             bounds(*logistic_pair(a, b), [1, 3]), [], None, 1e-9)
    # Far apart in scale nothing overlaps: H = sum w (H_k - log w); at one place all does.
    unit = {"GAUSSIAN": log(2 * pi) / 2 + mpf(1) / 2, "LAPLACE": 1 + log(mpf(2)), "LOGISTIC": mpf(2)}
    for family, h in unit.items():
        for location in (0, 0.37, 1e300):
            for s in (1e-300, 1e-30, 1e299):
                case("entropy", family, [0.25, 0.75], [location] * 2, [s] * 2, h + log(mpf(s)))
            for a, b in ((1e-300, 1e299), (1e-200, 1e-20)):
                value = (h + log(mpf(a))) / 4 + 3 * (h + log(mpf(b))) / 4 \
                    + log(mpf(4)) / 4 + 3 * log(mpf(4) / 3) / 4
                case("entropy", family, [0.25, 0.75], [location] * 2, [a, b], value)


# --- log-normal ---

def log_normal_mean(mu, s):
    return exp(mpf(mu) + mpf(s) ** 2 / 2)


def log_normal_variance(weights, parameters):
    with mp.workdps(900):
        total = sum(mpf(w) for w in weights)
        means = [log_normal_mean(*p) for p in parameters]
        second = [exp(2 * mpf(m) + 2 * mpf(s) ** 2) for m, s in parameters]
        mean = sum(mpf(w) * m for w, m in zip(weights, means)) / total
        return sum(mpf(w) * x for w, x in zip(weights, second)) / total - mean ** 2


def log_normal_crps(weights, parameters, y):
    total = sum(mpf(w) for w in weights)

    def tail(z, sign):
        return sum(mpf(w) * erfc(sign * (z - mpf(m)) / mpf(s) / sqrt(mpf(2))) / 2
                   for w, (m, s) in zip(weights, parameters)) / total
    points = set()
    for m, s in parameters:
        for center in (mpf(m), mpf(m) + mpf(s) ** 2 / 2):
            points.update(center + mpf(s) * u for u in range(-14, 15))
    z = log(mpf(y)) if y > 0 else None
    if z is not None:
        points.update(z - mpf(2) ** j for j in range(-2, 8))
    for m, s in parameters:
        points.update(mpf(m) - 14 * mpf(s) - mpf(2) ** j for j in range(-2, 8))
    with mp.workdps(30):
        below = sorted(p for p in points if z is not None and p < z) + ([z] if z is not None else [])
        above = ([z] if z is not None else []) + sorted(p for p in points if z is None or p > z)
        value = quad(lambda x: tail(x, 1) ** 2 * exp(x), above)
        if z is not None:
            value += quad(lambda x: tail(x, -1) ** 2 * exp(x), below)
    return value + (mpf(-y) if y < 0 else 0)


def log_normal():
    f = "LOG_NORMAL"
    case("variance", f, [1, 1], [0, 1], [1, 40], log_normal_variance([1, 1], [(0, 1), (1, 40)]))
    case("mean", f, [1, 1], [0, 1], [1, 40], (log_normal_mean(0, 1) + log_normal_mean(1, 40)) / 2)
    case("variance", f, [1], [710], [1e-200], log_normal_variance([1], [(710, 1e-200)]), (), None, 1e-11)
    case("variance", f, [1, 2], [710, 710], [1e-200, 1e-200],
         log_normal_variance([1], [(710, 1e-200)]), (), None, 1e-11)
    case("variance", f, [1, 1e-300], [0, 1], [1, 20],
         log_normal_variance([1, 1e-300], [(0, 1), (1, 20)]), (), None, 1e-11)
    case("standardDeviation", f, [1], [-1000], [40],
         sqrt(log_normal_variance([1], [(-1000, 40)])), (), None, 1e-12)
    case("standardDeviation", f, [1], [2], [1e-30], sqrt(log_normal_variance([1], [(2, 1e-30)])))
    for parameters, y in (([(0, 1), (1, 40)], 1.5), ([(0, 1), (1, 40)], 1e300), ([(0, 1)], -2.0),
                          ([(0, 1)], 0.0), ([(0, 40)], 1.0), ([(0, 60)], 1.0),
                          ([(-1e6, 1)], 0.5), ([(300, 2), (-300, 5)], 1.0), ([(0, 1)], 1e308)):
        case("crps", f, [1] * len(parameters), [p[0] for p in parameters],
             [p[1] for p in parameters], log_normal_crps([1] * len(parameters), parameters, y), [y],
             None, 1e-9)
    for p in (1e-300, 0.01, 0.5, 0.9):
        with mp.workdps(350):
            z = -sqrt(mpf(2)) * mp.erfinv(1 - 2 * mpf(p))
        for mu, s in ((0, 400), (5, 1e-3), (0, 1e200), (700, 1)):
            value = exp(mpf(mu) + mpf(s) * z) if abs(mu + s * z) < 2000 else (
                mpf(0) if z < 0 else mpf(inf) if z > 0 else exp(mpf(mu)))
            case("quantile", f, [1], [mu], [s], value, [p], None, 1e-11)


# --- the others ---

def others():
    # Beyond all doubles in between: y - mu, squares, ratios.
    for y, mu, s in ((1.7e308, -1.7e308, 1e308), (1e308, -1.5e308, 1.7e308), (1e-320, 0, 1e-321),
                     (3.0, 3.0, 1e-320), (1e200, 0, 1e199), (1e-200, 0, 1e-199)):
        u = (mpf(y) - mpf(mu)) / mpf(s)
        logs = log(mpf(s))
        case("logDensity", "GAUSSIAN", [1], [mu], [s], -u * u / 2 - log(2 * pi) / 2 - logs, [y])
        case("logDensity", "LAPLACE", [1], [mu], [s], -u - log(mpf(2)) - logs, [y])
        case("logDensity", "LOGISTIC", [1], [mu], [s], -u - 2 * log1p(exp(-u)) - logs, [y])
        case("survival", "GAUSSIAN", [1], [mu], [s], erfc(u / sqrt(mpf(2))) / 2, [y])
        case("logSurvival", "GAUSSIAN", [1], [mu], [s], log(erfc(u / sqrt(mpf(2))) / 2), [y])
        case("survival", "LAPLACE", [1], [mu], [s], exp(-u) / 2, [y])
        case("survival", "LOGISTIC", [1], [mu], [s], 1 / (1 + exp(u)), [y])
    gauss = 1 / sqrt(pi)  # CRPS at the location: (sqrt 2 - 1) / sqrt pi
    for s in (5e-324, 1e-300, 1e-20, 1, 1e300, 1.7e308):
        for mu in (0, 0.37, 1e300):
            case("crps", "GAUSSIAN", [1], [mu], [s], mpf(s) * (sqrt(mpf(2)) - 1) * gauss, [mu])
            case("crps", "LAPLACE", [1], [mu], [s], mpf(s) / 4, [mu])
            case("crps", "LOGISTIC", [1], [mu], [s], mpf(s) * (2 * log(mpf(2)) - 1), [mu],
                 None, 1e-10)
    # A point, nearly, and one beside it: the distance times the squared weight.
    case("crps", "GAUSSIAN", [1, 1], [-1e308, 1e308], [1, 1], mpf(1e308) / 2, [1e308])
    case("crps", "LAPLACE", [1, 3], [-1.7e308, 1.7e308], [1, 1], 2 * mpf(1.7e308) / 16, [1.7e308])
    case("variance", "GAUSSIAN", [1, 1e-300], [0, 1e200], [1, 1],
         (1 + mpf(1e-300)) / (1 + mpf(1e-300)) + mpf(1e-300) * mpf(1e200) ** 2)
    case("variance", "GAUSSIAN", [1, 1e-300], [0, 0], [1, 1e200], 1 + mpf(1e-300) * mpf(1e200) ** 2)
    case("variance", "GAUSSIAN", [1, 1], [-1.7e308, 1.7e308], [1, 1], mpf(inf))
    case("mean", "GAUSSIAN", [1, 1], [1.7e308, 1.7e308], [1, 1], 1.7e308)
    case("mean", "GAUSSIAN", [1, 1], [-1.7e308, 1.7e308], [1, 1], 0)
    # Intervals that are narrow, in the middle and in the tails.
    for family in ("GAUSSIAN", "LAPLACE", "LOGISTIC"):
        for a, b in ((0.5, 0.5000000000000001), (-1e-20, 1e-20), (30, 30.000000000000004),
                     (-3e-200, 5e-210), (-2, 7), (20, 21), (-25.0, -24.999999999999996)):
            with mp.workdps(80):
                x, y = mpf(a), mpf(b)
                cdf = {"GAUSSIAN": lambda t: erf(t / sqrt(mpf(2))) / 2,
                       "LAPLACE": lambda t: -mp.sign(t) * expm1(-abs(t)) / 2,
                       "LOGISTIC": lambda t: tanh(t / 2) / 2}[family]
                with mp.workdps(500):
                    value = cdf(y) - cdf(x)
            case("probability", family, [1], [0], [1], value, [a, b], None, 1e-11)
    # Divergences of single components.
    for a, b in ((1e-300, 1e299), (1e-200, 1e-190), (1e200, 1e199)):
        case("divergence", "GAUSSIAN", [1], [0], [a], gaussian_pair(a, b)[1][0][1], [b])
        case("divergence", "LAPLACE", [1], [0], [a], laplace_pair(a, b)[1][0][1], [b])


def circular_crps(weights, narrow, kappa, mu, center, y):
    """Of a narrow component at mu and one of concentration kappa around a center."""
    def mean_arc(point, k=kappa):
        """E of the arc from Y to a point, by the Fourier series of the arc."""
        return pi / 2 - 4 / pi * sum(
            besseli(m, k) / besseli(0, k) * cos(m * (center - point)) / m ** 2
            for m in range(1, 160, 2))

    def curvature(point):
        return 4 / pi * sum(besseli(m, kappa) / besseli(0, kappa) * cos(m * (center - point))
                            for m in range(1, 160, 2))
    total = sum(mpf(w) for w in weights)
    a, b = (mpf(w) / total for w in weights)
    s = 1 / sqrt(narrow)
    arc = abs(y - mu) if abs(y - mu) <= pi else 2 * pi - abs(y - mu)
    to_y = arc + (2 * s * exp(-(arc / s) ** 2 / 2) / sqrt(2 * pi)
                  - arc * erfc(arc / s / sqrt(mpf(2))))
    among_wide = pi / 2 - 4 / pi * sum((besseli(m, kappa) / besseli(0, kappa)) ** 2 / mpf(m) ** 2
                                       for m in range(1, 160, 2))
    between = mean_arc(mu) + s * s / 2 * curvature(mu)
    among_narrow = 2 * s / sqrt(pi)
    return (a * to_y + b * mean_arc(y)
            - (a * a * among_narrow + 2 * a * b * between + b * b * among_wide) / 2)


def von_mises():
    f = "VON_MISES"
    for kappa in (1e-300, 1e-10, 0.5):
        k = mpf(kappa)
        r = besseli(1, k) / besseli(0, k)
        case("variance", f, [1], [1], [kappa], -2 * log(r))
        case("standardDeviation", f, [1], [1], [kappa], sqrt(-2 * log(r)))
    for kappa in (1e20, 1e35, 1e300, 1.7e308):
        k = mpf(kappa)
        log_i0 = -log(2 * pi * k) / 2 + log1p(1 / (8 * k))  # exp(-kappa) I_0, Hankel
        for location in (0.3, 10.0, 1e6, 1e300):
            case("logDensity", f, [1], [location], [kappa], -log(2 * pi) - log_i0, [location])
        case("variance", f, [1], [1], [kappa], 1 / k)
        case("entropy", f, [1], [0.3], [kappa], log(2 * pi) + log_i0 + mpf(1) / 2)
        case("crps", f, [1], [0.3], [kappa], (sqrt(mpf(2)) - 1) / sqrt(pi) / sqrt(k), [0.3],
             None, 1e-8)
        case("crps", f, [1], [0.3], [kappa], mpf(1.3) - mpf(0.3) - 1 / sqrt(pi) / sqrt(k), [1.3],
             None, 1e-8)
    # A narrow and a wide one: of the narrow one to its variance what it is to a point.
    for narrow, y in ((1e12, 0.3), (1e30, 0.3), (1e30, 0.31), (1e30, -2.9), (1e30, 3.0)):
        for weights in ([1, 1], [1, 1e-6], [1e-6, 1]):
            case("crps", f, weights, [0.3, 1], [narrow, 5],
                 circular_crps(weights, mpf(narrow), mpf(5), mpf(0.3), mpf(1), mpf(y)), [y],
                 None, 1e-8)
    for location in (1e6, 1e15, 1e300):
        with mp.workdps(400):
            direction = mpf(location) - 2 * pi * mp.nint(mpf(location) / (2 * pi))
        case("mode", f, [1], [location], [3], direction)
        case("mean", f, [1], [location], [3], direction)


if __name__ == "__main__":
    student()
    entropies()
    log_normal()
    others()
    von_mises()
    path = pathlib.Path(__file__).with_name("edges.json")
    path.write_text(json.dumps({"digits": mp.dps, "cases": CASES}, indent=1) + "\n")
