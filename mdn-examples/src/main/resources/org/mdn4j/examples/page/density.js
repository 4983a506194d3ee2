"use strict";

/*
 * The density of a mixture over one target, in log space, as org.mdn4j.distribution.Mixture has it:
 *
 *   log p(y) = logsumexp_k( log π_k + log f((y − μ_k) / σ_k) − log σ_k )
 *
 * A mixture is {family, logWeight: [K], location: [K], scale: [K]}; with STUDENT_T also degrees: [K] and
 * peak: [K], the log density of the component with scale 1 at its location. VON_MISES has κ as scale.
 */

const LOG_2PI = Math.log(2 * Math.PI);

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

/** The mixture at a temperature τ, which divides the logits and multiplies the squared scales. */
function atTemperature(mixture, tau) {
  const circular = mixture.family === "VON_MISES";
  const logits = mixture.logWeight.map((z) => z / tau);
  const total = logSumExp(logits);
  const scale = mixture.scale.map((s) => (circular ? s / tau : s * Math.sqrt(tau)));
  return {
    ...mixture,
    logWeight: logits.map((z) => z - total),
    scale,
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
  const inLog = mixture.family === "LOG_NORMAL";
  if (inLog && y <= 0) {
    return -Infinity;
  }
  const u = ((inLog ? Math.log(y) : y) - location) / scale;
  const logKernel = LOG_KERNEL[mixture.family](u, mixture, k);
  return mixture.logWeight[k] + logKernel - Math.log(scale) - (inLog ? Math.log(y) : 0);
}

/** log p(y) of a mixture that atTemperature gave. */
function logDensity(mixture, y) {
  return logSumExp(mixture.location.map((unused, k) => logJoint(mixture, k, y)));
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

/**
 * Where to compute a density: evenly over what is drawn, and densely around each component, however narrow
 * it is, out to its tails; ascending.
 */
function densityGrid(mixture, low, high) {
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
