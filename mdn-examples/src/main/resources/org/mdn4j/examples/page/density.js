"use strict";

/*
 * The density of a mixture over one target, in log space, as org.mdn4j.distribution.Mixture has it:
 *
 *   log p(y) = logsumexp_k( log π_k + log f((y − μ_k) / σ_k) − log σ_k )
 *
 * A mixture is {family, logWeight: [K], location: [K], scale: [K]}; with STUDENT_T also degrees: [K] and
 * peak: [K], the log density of the component with scale 1 at its location. VON_MISES has κ as scale,
 * NEGATIVE_BINOMIAL the log mean as location and the dispersion α as scale, and the place of the density is
 * taken by the probability of an integer. There may be atoms: [{value, probability}], which the weights are less.
 */

const LOG_2PI = Math.log(2 * Math.PI);

const isDiscrete = (family) => family === "NEGATIVE_BINOMIAL";

/** log f(u) of a component with location 0 and scale 1. */
const LOG_KERNEL = {
  GAUSSIAN: (u) => -0.5 * u * u - 0.5 * LOG_2PI,
  LOG_NORMAL: (u) => -0.5 * u * u - 0.5 * LOG_2PI,
  LAPLACE: (u) => -Math.abs(u) - Math.LN2,
  LOGISTIC: (u) => -Math.abs(u) - 2 * Math.log1p(Math.exp(-Math.abs(u))),
  STUDENT_T: (u, mixture, k) =>
    mixture.peak[k] - 0.5 * (mixture.degrees[k] + 1) * Math.log1p((u * u) / mixture.degrees[k]),
};

function logSumExp(values) {
  const max = Math.max(...values);
  if (max === -Infinity) {
    return max;
  }
  return max + Math.log(values.reduce((sum, value) => sum + Math.exp(value - max), 0));
}

/** log I₀(κ) − κ, by the mean of exp(κ (cos θ − 1)) around the circle; for a large κ its asymptote. */
function logBesselScaled(kappa) {
  if (kappa > 1e6) {
    return -0.5 * (LOG_2PI + Math.log(kappa)) + 1 / (8 * kappa);
  }
  const steps = Math.ceil(32 + 10 * Math.sqrt(kappa));
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    sum += Math.exp(-2 * kappa * Math.sin((Math.PI * i) / steps) ** 2);
  }
  return Math.log(sum / steps);
}

/** The error of Stirling's formula, log Γ(x + 1) − (x + ½) log x + x − ½ log 2π, of x > 0. */
function stirlingError(x) {
  let sum = 0;
  for (; x < 15; x++) {
    sum += (x + 0.5) * Math.log1p(1 / x) - 1;
  }
  const s = 1 / (x * x);
  return sum + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / x;
}

/** x log(x/m) + m − x, also given x − m, without cancellation. */
function devianceTerm(x, m, difference) {
  if (!(Math.abs(difference) < 0.1 * (x + m))) {
    return x * Math.log(x / m) - difference;
  }
  const v = difference / (x + m);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let j = 3, next = NaN; next !== sum; j += 2) {
    sum = Number.isNaN(next) ? sum : next;
    power *= v * v;
    next = sum + power / j;
  }
  return sum;
}

/** log P(y) of a negative binomial distribution, as org.mdn4j.numerics.NegativeBinomial has it. */
function logCount(y, logMean, alpha) {
  if (y < 0 || !Number.isInteger(y)) {
    return -Infinity;
  }
  const mean = Math.exp(Math.max(-30, Math.min(30, logMean)));
  if (y === 0) {
    return -Math.log1p(alpha * mean) / alpha;
  }
  const size = 1 / alpha;
  const widening = 1 + alpha * mean;
  const narrowing = (1 + alpha * y) / widening;
  const difference = (y - mean) / widening;
  return -0.5 * Math.log1p(alpha * y) - 0.5 * Math.log(y) - 0.5 * LOG_2PI +
    (stirlingError(y + size) - stirlingError(size) - stirlingError(y)) -
    devianceTerm(y, mean * narrowing, difference) - devianceTerm(size, size * narrowing, -difference);
}

/** The mixture at a temperature τ, which divides the logits and multiplies the squared scales, and α. */
function atTemperature(mixture, tau) {
  const circular = mixture.family === "VON_MISES";
  const factor = circular ? 1 / tau : isDiscrete(mixture.family) ? tau : Math.sqrt(tau);
  const logits = mixture.logWeight.map((z) => z / tau);
  const atoms = mixture.atoms ?? [];
  const ofAtoms = atoms.map(({ probability }) => Math.log(probability) / tau);
  const total = logSumExp([...logits, ...ofAtoms]);
  const scale = mixture.scale.map((s) => s * factor);
  return {
    ...mixture,
    logWeight: logits.map((z) => z - total),
    scale,
    atoms: atoms.map(({ value }, a) => ({ value, probability: Math.exp(ofAtoms[a] - total) })),
    logBessel: circular ? scale.map(logBesselScaled) : null,
  };
}

/** log π_k + log N_k(y) of a mixture that atTemperature gave. */
function logJoint(mixture, k, y) {
  const location = mixture.location[k];
  const scale = mixture.scale[k];
  if (mixture.family === "VON_MISES") {
    const exponent = 2 * scale * Math.sin(0.5 * (y - location)) ** 2;
    return mixture.logWeight[k] - exponent - LOG_2PI - mixture.logBessel[k];
  }
  if (isDiscrete(mixture.family)) {
    return mixture.logWeight[k] + logCount(y, location, scale);
  }
  const inLog = mixture.family === "LOG_NORMAL";
  if (inLog && y <= 0) {
    return -Infinity;
  }
  const u = ((inLog ? Math.log(y) : y) - location) / scale;
  const logKernel = LOG_KERNEL[mixture.family](u, mixture, k);
  return mixture.logWeight[k] + logKernel - Math.log(scale) - (inLog ? Math.log(y) : 0);
}

/** log p(y) of a mixture that atTemperature gave, of counts log P(y); no atom has a density. */
function logDensity(mixture, y) {
  const joints = mixture.location.map((unused, k) => logJoint(mixture, k, y));
  if (isDiscrete(mixture.family)) {
    joints.push(...mixture.atoms.filter(({ value }) => value === y).map(({ probability }) => Math.log(probability)));
  }
  return logSumExp(joints);
}

/**
 * The probability that a standard normal variable is larger than u, to 1e-7. Source: M. Abramowitz and I. A. Stegun,
 * Handbook of Mathematical Functions (1964), formula 26.2.17.
 */
function normalSurvival(u) {
  const t = 1 / (1 + 0.2316419 * Math.abs(u));
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = Math.exp(-0.5 * u * u - 0.5 * LOG_2PI) * sum;
  return u < 0 ? 1 - tail : tail;
}

const SURVIVAL = {
  GAUSSIAN: normalSurvival,
  LAPLACE: (u) => (u > 0 ? 0.5 * Math.exp(-u) : 1 - 0.5 * Math.exp(u)),
  LOGISTIC: (u) => 1 / (1 + Math.exp(u)),
};

/** P(Y > y) of a mixture that atTemperature gave, of a family of SURVIVAL, or counts that are not too many. */
function survival(mixture, y) {
  let sum = 0;
  if (isDiscrete(mixture.family)) {
    for (let count = 0; count <= y; count++) {
      sum += Math.exp(logDensity(mixture, count));
    }
    return Math.max(0, 1 - sum);
  }
  mixture.location.forEach((location, k) => {
    sum += Math.exp(mixture.logWeight[k]) * SURVIVAL[mixture.family]((y - location) / mixture.scale[k]);
  });
  return sum + mixture.atoms.reduce((all, { value, probability }) => all + (value > y ? probability : 0), 0);
}

/**
 * The density over the plane of a mixture of Gaussians at a temperature τ, which divides the logits and
 * multiplies the covariances: a function of x and y. The mixture is {logWeight, x, y, scaleX, slope, scaleY}: [K]
 * each, means, the standard deviation of x, and of y given x, whose mean rises with x by the slope.
 */
function planeDensity(mixture, tau) {
  const logits = mixture.logWeight.map((z) => z / tau);
  const total = logSumExp(logits);
  const parts = logits.map((z, k) => {
    const scaleX = mixture.scaleX[k] * Math.sqrt(tau);
    const scaleY = mixture.scaleY[k] * Math.sqrt(tau);
    return {
      x: mixture.x[k],
      y: mixture.y[k],
      slope: mixture.slope[k],
      scaleX,
      scaleY,
      peak: Math.exp(z - total) / (2 * Math.PI * scaleX * scaleY),
    };
  });
  return (x, y) =>
    parts.reduce((sum, part) => {
      const u = (x - part.x) / part.scaleX;
      const v = (y - part.y - part.slope * (x - part.x)) / part.scaleY;
      return sum + part.peak * Math.exp(-0.5 * (u * u + v * v));
    }, 0);
}

/** The integers at which to compute probabilities: all small ones, and then as a density's places are. */
function countGrid(mixture, low, high) {
  const grid = new Set(Array.from({ length: 401 }, (unused, y) => y));
  const add = (y) => y >= 0 && y <= Number.MAX_SAFE_INTEGER && grid.add(Math.round(y));
  for (let i = 0; i <= 400; i++) {
    add(low + ((high - low) * i) / 400);
  }
  const step = Math.max(0.05, Math.min(0.15, 0.01 * mixture.location.length));
  mixture.location.forEach((logMean, k) => {
    const mean = Math.exp(logMean);
    const deviation = Math.sqrt(mean + mixture.scale[k] * mean * mean);
    for (let t = -4.5; mixture.logWeight[k] > -20 && t <= 4.5; t += step) {
      add(mean + deviation * Math.sinh(t));
      add(mean * Math.exp(3 * t));
    }
  });
  mixture.atoms.forEach(({ value }) => add(value));
  return [...grid].sort((a, b) => a - b);
}

/**
 * Where to compute a density: evenly over what is drawn, and densely around each component, however narrow
 * it is, out to its tails; ascending.
 */
function densityGrid(mixture, low, high) {
  if (isDiscrete(mixture.family)) {
    return countGrid(mixture, low, high);
  }
  const circular = mixture.family === "VON_MISES";
  const [from, to] = circular ? [-Math.PI, Math.PI] : [low, high];
  const grid = [];
  for (let i = 0; i <= 400; i++) {
    grid.push(from + ((to - from) * i) / 400);
  }
  const farthest = mixture.family === "STUDENT_T" ? 9 : 4.5; // 4,000 scales, and 45
  for (let k = 0; k < mixture.location.length; k++) {
    const width = circular ? 1 / Math.sqrt(mixture.scale[k]) : mixture.scale[k];
    for (let t = -farthest; t <= farthest; t += 0.025) {
      const y = mixture.location[k] + width * Math.sinh(t);
      if (mixture.family === "LOG_NORMAL") {
        grid.push(Math.exp(y));
      } else if (!circular) {
        grid.push(y);
      } else if (Math.abs(y - mixture.location[k]) <= Math.PI) {
        grid.push(y - 2 * Math.PI * Math.floor((y + Math.PI) / (2 * Math.PI)));
      }
    }
  }
  grid.push(...mixture.atoms.map(({ value }) => value));
  return grid.filter(Number.isFinite).sort((a, b) => a - b);
}

/** ∫ f(y) dy by the trapezoidal rule. */
function integral(y, f) {
  let sum = 0;
  for (let i = 1; i < y.length; i++) {
    sum += 0.5 * (f[i] + f[i - 1]) * (y[i] - y[i - 1]);
  }
  return sum;
}

/** How many integers each of a grid of ascending ones stands for. */
const integersAt = (y) =>
  y.map((value, i) => (i > 0 ? (value - y[i - 1]) / 2 : 0.5) + (i < y.length - 1 ? (y[i + 1] - value) / 2 : 0.5));

/** All of a mixture's probability, with f its density at y, of counts the probabilities there: 1 but for errors. */
function totalProbability(mixture, y, f) {
  if (isDiscrete(mixture.family)) {
    const counts = integersAt(y);
    return f.reduce((sum, value, i) => sum + counts[i] * value, 0);
  }
  return integral(y, f) + mixture.atoms.reduce((sum, { probability }) => sum + probability, 0);
}

/** Where a mixture has the shares of its probability at or below, with f as for totalProbability. */
function quantiles(mixture, y, f, shares) {
  const discrete = isDiscrete(mixture.family);
  const counts = discrete ? integersAt(y) : null;
  const jump = (value) =>
    discrete ? 0 : mixture.atoms.reduce((sum, atom) => sum + (atom.value === value ? atom.probability : 0), 0);
  const before = []; // what is below y, without what is at it
  const upTo = [];
  for (let i = 0, sum = 0; i < y.length; i++) {
    sum += discrete ? 0 : i > 0 ? 0.5 * (f[i] + f[i - 1]) * (y[i] - y[i - 1]) : 0;
    before.push(sum);
    sum += discrete ? counts[i] * f[i] : i > 0 && y[i] === y[i - 1] ? 0 : jump(y[i]);
    upTo.push(sum);
  }
  const all = upTo[upTo.length - 1];
  return shares.map((share) => {
    const i = Math.max(discrete ? 0 : 1, upTo.findIndex((mass) => mass >= share * all));
    if (discrete || before[i] <= share * all) {
      return y[i];
    }
    const step = before[i] - upTo[i - 1];
    return y[i - 1] + (step > 0 ? (share * all - upTo[i - 1]) / step : 0) * (y[i] - y[i - 1]);
  });
}
