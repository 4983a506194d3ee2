/*
 * The model of a table, by its numbers as org.mdn4j.regression.MixtureRegressor.toJson() has them: a row's cells become
 * numbers, these are standardised and encoded in bins, dense layers make a mixture of them.
 */

const DAY = 86400;
const TURN = 2 * Math.PI;

/** 32-bit floats, little-endian, in Base64. */
function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (unused, i) => view.getFloat32(4 * i, true));
}

/** CRC-32C of a text in UTF-8. */
function checksum(text) {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
  }
  return ~crc >>> 0;
}

/** The flag that a category sets; −1 for one that the fit did not have. */
function place(column, category) {
  const own = column.categories.indexOf(category);
  if (own >= 0) {
    return own;
  }
  return column.buckets === 0 ? -1 : column.categories.length + (checksum(category) % column.buckets);
}

const DATE_PARTS = {
  ELAPSED: (seconds, origin) => (seconds - origin) / DAY,
  YEAR: (seconds) => new Date(1000 * seconds).getUTCFullYear(),
  DAY_OF_YEAR: (seconds) => {
    const year = new Date(1000 * seconds).getUTCFullYear();
    const first = Date.UTC(year, 0, 1) / 1000;
    const length = (Date.UTC(year + 1, 0, 1) / 1000 - first) / DAY;
    return (TURN * Math.floor((seconds - first) / DAY)) / length;
  },
  DAY_OF_WEEK: (seconds) => (TURN * ((new Date(1000 * seconds).getUTCDay() + 6) % 7)) / 7,
  TIME_OF_DAY: (seconds) => TURN * (seconds / DAY - Math.floor(seconds / DAY)),
};
const isAngle = (part) => part !== "ELAPSED" && part !== "YEAR";

const isUnknown = (column, cell) =>
  cell === null || (column.kind === "CATEGORY" && place(column, cell) < 0);

/** The continuous numbers and the flags of one cell, NaN for what is missing; guess null for none. */
function expandCell(column, cell, guess) {
  const unknown = isUnknown(column, cell);
  const guessed = unknown && guess !== null && !column.missing;
  const numbers = [];
  let flags = [];
  if (column.kind === "CATEGORY") {
    flags = new Array(column.categories.length + column.buckets).fill(0);
    const at = guessed ? place(column, column.guessedCategories[guess]) : unknown ? -1 : place(column, cell);
    if (at >= 0) {
      flags[at] = 1;
    }
  } else {
    const value = guessed ? column.guesses[guess] : unknown ? NaN : cell;
    if (column.kind === "NUMBER") {
      numbers.push(value);
    } else if (column.kind === "BOOLEAN") {
      flags.push(Number.isNaN(value) ? 0 : 2 * value - 1);
    } else {
      for (const part of column.parts) {
        const said = Number.isNaN(value) ? NaN : DATE_PARTS[part](value, column.origin);
        if (!isAngle(part)) {
          numbers.push(said);
        } else {
          flags.push(Number.isNaN(said) ? 0 : Math.sin(said), Number.isNaN(said) ? 0 : Math.cos(said));
        }
      }
    }
  }
  if (column.missing) {
    flags.push(unknown ? 1 : 0);
  }
  return { numbers, flags };
}

/** What a standardised number becomes by the edges of its bins. */
function encode(z, edges, missing) {
  if (Number.isNaN(z) && missing) {
    return missing;
  }
  const bins = edges.length - 1;
  if (bins < 1) {
    return [z];
  }
  const encoded = [];
  for (let t = 0; t < bins; t++) {
    const part = (z - edges[t]) / (edges[t + 1] - edges[t]);
    encoded.push(Math.max(t === 0 ? -1 : 0, Math.min(t === bins - 1 ? 2 : 1, part)));
  }
  const range = edges[bins] - edges[0];
  encoded.push(Math.max(edges[0] - range, Math.min(edges[bins] + range, z)));
  return encoded;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const ACTIVATIONS = {
  identity: (x) => x,
  relu: (x) => Math.max(0, x),
  sigmoid,
  swish: (x) => x * sigmoid(x),
  tanh: Math.tanh,
};

function dense(layer, input) {
  layer.w ??= floats(layer.weights);
  layer.b ??= floats(layer.biases);
  const sums = Float64Array.from(layer.b);
  for (let i = 0; i < layer.inputs; i++) {
    for (let j = 0; input[i] !== 0 && j < layer.outputs; j++) {
      sums[j] += input[i] * layer.w[i * layer.outputs + j];
    }
  }
  return sums.map(ACTIVATIONS[layer.activation]);
}

/** The bounds that hold locations and scales, by the formulas of org.mdn4j.BoundTransform. */
const boundedNumber = (x) => {
  const y = Math.max(-10, Math.min(10, x));
  return y / Math.sqrt(Math.sqrt(1 + y ** 4));
};

function boundedLocation(raw, { locationLower, locationUpper }, target) {
  if (!locationLower?.length) {
    return raw;
  }
  const middle = (locationLower[target] + locationUpper[target]) / 2;
  const width = (locationUpper[target] - locationLower[target]) / 2;
  return middle + width * boundedNumber((raw - middle) / width);
}

/** The scale of a parameter; ceiling null for none. */
function boundedScale(raw, ceiling, floor) {
  if (ceiling === null) {
    return floor + Math.exp(Math.max(-300, Math.min(600, raw)));
  }
  const top = Math.log(ceiling - floor);
  const x = top - Math.max(-299.5, Math.min(600, top + 100, raw));
  const root = Math.sqrt(x * x + 1);
  return floor + Math.exp(top - (x > 0 ? 0.5 * (x + root) : 0.5 / (root - x)));
}

/**
 * The standard deviations of a component with full covariance, whose entries begin at a place of the raw output, by
 * the recursion of org.mdn4j.FullBounds; ceilings null for none.
 */
function fullDeviations(raw, from, targets, ceilings, floor) {
  const entry = (i, j) => from + (i * (i + 1)) / 2 + j;
  const t = Array.from({ length: targets }, () => new Array(targets).fill(0)); // covariance T Tᵀ
  for (let j = targets - 1; j >= 0; j--) {
    const w = new Array(targets).fill(0);
    for (let i = j + 1; i < targets; i++) {
      let l = raw[entry(i, j)];
      if (ceilings !== null) {
        const root = 0.5 * (1 + ceilings[j] / Math.max(floor, Math.exp(-37)));
        const largest = Math.sqrt(root * root - 1) / ((targets - 1) * ceilings[i]);
        l = largest * boundedNumber(l / largest);
      }
      for (let m = i; m < targets; m++) {
        w[m] += l * t[i][m];
      }
    }
    const norm = Math.sqrt(w.reduce((sum, value) => sum + value * value, 1));
    t[j][j] = boundedScale(-raw[entry(j, j)], ceilings === null ? null : ceilings[j] / norm, floor);
    for (let m = j + 1; m < targets; m++) {
      t[j][m] = -t[j][j] * w[m];
    }
  }
  return t.map((row) => Math.hypot(...row));
}

/** The scale of a component over one target, at a temperature of the squared scales. */
function scaleOf(raw, spec, k, target, temperature) {
  const { components: K, targets: D, covariance, scaleFloor: floor } = spec;
  const factor = isDiscrete(spec.family) ? temperature : Math.sqrt(temperature);
  const given = spec.bounds?.scaleCeiling;
  const ceilings = given?.length ? given.map((ceiling) => ceiling / Math.max(1, factor)) : null;
  const scales = K * (1 + D);
  if (covariance === "FULL") {
    return factor * fullDeviations(raw, scales + (k * D * (D + 1)) / 2, D, ceilings, floor)[target];
  }
  const spherical = covariance === "SPHERICAL";
  const ceiling = ceilings && (spherical ? Math.min(...ceilings) : ceilings[target]);
  return factor * boundedScale(raw[scales + (spherical ? k : k * D + target)], ceiling, floor);
}

/** The standardised and encoded input of a row; guesses of its columns' missing cells, or null. */
function inputOf(model, cells, guesses) {
  const numbers = [];
  const flags = [];
  model.columns.features.forEach((column, c) => {
    if (!column.constant) {
      const cell = expandCell(column, cells[column.name], guesses && guesses[c]);
      numbers.push(...cell.numbers);
      flags.push(...cell.flags);
    }
  });
  return [...numbers, ...flags].flatMap((x, i) => {
    const deviation = model.features.deviations[i];
    const z = deviation === 0 ? (Number.isNaN(x) ? NaN : 0) : Math.fround((x - model.features.means[i]) / deviation);
    return encode(z, model.encoding.edges[i], model.encoding.missing?.[i]);
  });
}

/** The variance of a component over one target. */
function varianceOf(family, location, scale) {
  switch (family) {
    case "LAPLACE":
      return 2 * scale * scale;
    case "LOGISTIC":
      return ((Math.PI * scale) ** 2) / 3;
    case "NEGATIVE_BINOMIAL":
      return Math.exp(location) + scale * Math.exp(2 * location);
    default:
      return scale * scale;
  }
}

/** The component of a mean and a variance. */
function componentOf(family, mean, variance) {
  switch (family) {
    case "LAPLACE":
      return [mean, Math.sqrt(variance / 2)];
    case "LOGISTIC":
      return [mean, Math.sqrt(3 * variance) / Math.PI];
    case "NEGATIVE_BINOMIAL":
      return [Math.log(mean), (variance / mean - 1) / mean];
    default:
      return [mean, Math.sqrt(variance)];
  }
}

/** Adds to the parts of a mixture one three times as wide as all, in place, as MixtureBatch.contaminated does. */
function contaminate(family, parts, atoms, share) {
  const meanOf = ({ location }) => (isDiscrete(family) ? Math.exp(location) : location);
  const logTotal = logSumExp(parts.map(({ logWeight }) => logWeight));
  const expected = (what) => parts.reduce((sum, part) => sum + Math.exp(part.logWeight - logTotal) * what(part), 0);
  const mean = expected(meanOf);
  const variance = expected((part) => varianceOf(family, part.location, part.scale) + (meanOf(part) - mean) ** 2);
  const each = share / (atoms.length + 1);
  parts.forEach((part) => (part.logWeight += Math.log1p(-share)));
  atoms.forEach((atom) => (atom.probability = (1 - share) * atom.probability + each));
  const [location, scale] = componentOf(family, mean, 9 * variance);
  parts.push({ logWeight: Math.log(each), location, scale });
}

/**
 * The mixture of one target of a row, cells by the names of columns, as atTemperature takes it; of atoms their
 * probabilities, which the components' weights are less.
 */
function predictRow(model, cells, target) {
  const guessing = model.columns.features
    .some((column) => !column.constant && !column.missing && isUnknown(column, cells[column.name]));
  const order = guessing ? model.guesses : [null];
  const atoms = (model.atoms ?? []).map((value) => ({ value, probability: 0 }));
  const family = model.members[0].spec.family ?? "GAUSSIAN";
  const mixture = { family, logWeight: [], location: [], scale: [], atoms };
  const { means, deviations } = model.targets;
  const count = order.length * model.members.length;
  for (const guesses of order) {
    const input = inputOf(model, cells, guesses);
    for (const { spec, contamination, layers } of model.members) {
      const raw = layers.reduce((values, layer) => dense(layer, values), input);
      const K = spec.components;
      const logitsOfAtoms = atoms.length > 0 ? [...raw.slice(-atoms.length)] : [];
      const logTotal = logSumExp([...raw.slice(0, K), ...logitsOfAtoms]);
      const parts = Array.from({ length: K }, (_, k) => ({
        logWeight: raw[k] - logTotal,
        location: means[target] +
          deviations[target] * boundedLocation(raw[K + k * spec.targets + target], spec.bounds ?? {}, target),
        scale: deviations[target] * scaleOf(raw, spec, k, target, model.scaleTemperature),
      }));
      const ownAtoms = logitsOfAtoms.map((logit, a) =>
        ({ value: atoms[a].value, probability: Math.exp(logit - logTotal) }));
      if (contamination > 0) {
        contaminate(family, parts, ownAtoms, contamination);
      }
      ownAtoms.forEach(({ probability }, a) => (atoms[a].probability += probability / count));
      for (const { logWeight, location, scale } of parts) {
        mixture.logWeight.push(logWeight - Math.log(count));
        mixture.location.push(location);
        mixture.scale.push(scale);
      }
    }
  }
  return mixture;
}
