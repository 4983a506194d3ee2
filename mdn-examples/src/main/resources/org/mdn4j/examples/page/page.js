const report = JSON.parse(document.getElementById("report").textContent);
const element = (id) => document.getElementById(id);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const short = (value) => String(Number(value.toPrecision(4)));

const HISTOGRAM_FROM = 30; // fewer points near x are drawn one by one
const SMALLEST_WEIGHT = 0.001; // of a component that is drawn
const LONGEST_NAME = 14; // on an axis
const OPEN = "only an interval is known";
const CELL = 5; // pixels of a joint density that have one colour

const WHOLE = Array.from({ length: 15 }, (unused, n) => [1, 2, 5].map((step) => step * 10 ** n)).flat(); // between ticks

let charts = [];
let densityChart;
let scatterCharts;
let jointCharts = []; // none where a view has none

/** A chart as wide as its place. */
function chart(place, height, options, data) {
  const axis = (label) => ({
    label,
    font: "13px system-ui, sans-serif",
    labelFont: "13px system-ui, sans-serif",
    labelSize: 22,
    stroke: colour("ink"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { stroke: colour("line"), width: 1 },
    values: (unused, ticks) => ticks.map((tick) => String(Number(tick.toPrecision(6)))), // not 0 for 1e-5
  });
  const named = (names) => ({
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    values: (unused, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? cut(names[tick] ?? "") : "")),
  });
  const wide = (unused, labels) => 18 + 8 * Math.max(0, ...(labels || []).map((label) => label.length));
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height,
      scales: { x: { time: false, range: options.x }, y: { range: options.y }, p: { range: [0, 1] } },
      axes: [
        {
          ...axis(options.labels[0]),
          space: options.names ? nameSpace(options.names) : 80,
          ...(options.whole ? { incrs: WHOLE } : {}),
          ...(options.names ? named(options.names) : {}),
        },
        { ...axis(options.labels[1]), size: wide },
        ...(options.right ? [{ ...axis(options.right), size: wide, scale: "p", side: 1, grid: { show: false } }] : []),
      ],
      series: [{ label: options.labels[0] }, ...options.series],
      bands: options.bands,
      hooks: options.hooks,
      legend: { live: false, markers: { dash: (u, s) => (u.series[s].dash ? "dashed" : "solid") } },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
    },
    data,
    place);
  charts.push(plot);
  return plot;
}

/** Pixels from one name on an axis to the next. */
const nameSpace = (names) => 24 + 7 * Math.max(...names.map((name) => cut(name).length));

const lineSeries = (label, stroke, more) =>
  ({ label, stroke, width: 2, points: { show: false }, ...more });

const pointSeries = (label, stroke, size) => ({
  label,
  stroke,
  paths: () => null,
  points: { show: true, size, fill: stroke, width: 0 },
});

/** As pointSeries, but open. */
const ringSeries = (label, stroke, size) => ({
  label,
  stroke,
  paths: () => null,
  points: { show: true, size, stroke, fill: colour("paper"), width: 2 },
});

/** A stroke from 0 up to each value. */
function stems(plot, s, from, to) {
  const { scale } = plot.series[s];
  const stroke = new Path2D();
  const bottom = plot.valToPos(0, scale, true);
  for (let i = from; i <= to; i++) {
    const value = plot.data[s][i];
    if (value !== null && value !== undefined) {
      const x = plot.valToPos(plot.data[0][i], "x", true);
      stroke.moveTo(x, bottom);
      stroke.lineTo(x, plot.valToPos(value, scale, true));
    }
  }
  return { stroke, fill: null, clip: null, band: null, gaps: null, flags: 0 };
}

/** The probabilities of atoms, on an axis of their own. */
const atomSeries = (label, stroke, more) =>
  ({ label, stroke, width: 7, scale: "p", paths: stems, points: { show: false }, ...more });

/** The density of a mixture; of counts probabilities, each a stroke. */
const densitySeries = (label, discrete) =>
  lineSeries(label, colour("model"), discrete
    ? { width: 5, paths: stems }
    : { spanGaps: true, width: 3, fill: colour("model") + "22" });

/** The range of a density's axis: where there are atoms, which may leave it next to nothing, one that shows this. */
const densityRange = (range) => (unused, low, high) => {
  const even = range ? 1 / (range()[1] - range()[0]) : 0;
  return [0, 1.08 * (Math.max(high ?? 0, even) || 1)];
};

/** In words the probabilities of a mixture's atoms, or nothing. */
const atomsSaid = (mixture) =>
  isDiscrete(mixture.family)
    ? ""
    : mixture.atoms.map(({ value, probability }) => "P(" + short(value) + ") = " + probability.toFixed(3)).join(", ");

/** Atoms as a table for columns, where they have an axis of their own. */
const atomColumns = (mixture) =>
  isDiscrete(mixture.family)
    ? [[], []]
    : [mixture.atoms.map(({ value }) => value), mixture.atoms.map(({ probability }) => probability)];

/** Tables, each [x[], y[], …], as the aligned columns that uPlot takes; unlike uPlot.join it keeps equal x. */
function columns(...tables) {
  const rows = tables.flatMap(([xs], t) => xs.map((x, i) => ({ x, t, i })));
  rows.sort((a, b) => a.x - b.x);
  return [
    rows.map(({ x }) => x),
    ...tables.flatMap(([, ...series], t) =>
      series.map((ys) => rows.map((row) => (row.t === t ? ys[row.i] : null)))),
  ];
}

const cut = (name) => (name.length > LONGEST_NAME ? name.slice(0, LONGEST_NAME - 1) + "…" : name);

/** Where a point is drawn over x: those of one name side by side, so that they do not hide each other. */
const placed = (panel, xs) =>
  panel.names ? xs.map((x, n) => x + 0.5 * (((n * 0.618034) % 1) - 0.5)) : xs;

/** An input of a view, as its reader knows it. */
const said = (panel, x) => (panel.names ? panel.names[x] : short(x));

function padded(values, share) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const margin = share * (high - low) || 1;
  return [low - margin, high + margin];
}

/** What is chosen by the controls. */
function chosen() {
  const panel = report.panels[Number(element("view").value)];
  const i = Number(element("x").value);
  const temperature = Number(element("tau").value);
  const tau = report.temperatures[temperature];
  const learned = { family: panel.family, ...panel.mixtures[i] };
  return { panel, i, x: panel.grid[i], temperature, tau, learned };
}

/** Data near x, as the heights of a histogram over its edges, or as single points on the axis, and open ones. */
function nearby(panel, x, yRange) {
  const empty = { histogram: [[], []], points: [[], []], open: [[], []], count: 0 };
  if (panel.nearby === null) {
    return empty;
  }
  const near = panel.data.y.map((unused, n) => n).filter((n) => Math.abs(panel.data.x[n] - x) <= panel.nearby);
  const values = near.filter((n) => !panel.open.includes(n)).map((n) => panel.data.y[n]);
  const ends = near.filter((n) => panel.open.includes(n)).map((n) => panel.data.y[n]);
  const open = [ends, ends.map(() => 0)];
  if (values.length < HISTOGRAM_FROM) {
    return { ...empty, points: [values, values.map(() => 0)], open, count: near.length };
  }
  const discrete = isDiscrete(panel.family);
  const span = (yRange[1] - yRange[0]) / 60;
  const width = discrete ? Math.max(1, Math.ceil(span)) : span;
  const first = discrete ? Math.floor(yRange[0]) - 0.5 : yRange[0];
  const bins = Math.ceil((yRange[1] - first) / width - 1e-9);
  const heights = new Array(bins + 1).fill(0); // the last edge closes the last step
  for (const y of values) {
    heights[Math.min(bins - 1, Math.floor((y - first) / width))] += 1 / (values.length * width);
  }
  const edges = heights.map((unused, b) => first + b * width);
  return { histogram: [edges, heights], points: [[], []], open, count: near.length };
}

function densityColumns({ panel, x, tau, learned }, yRange) {
  const mixture = atTemperature(learned, tau);
  const one = atTemperature(learned, 1);
  const y = densityGrid(mixture, ...yRange);
  const density = y.map((value) => Math.exp(logDensity(mixture, value)));
  const reference = y.map((value) => Math.exp(logDensity(one, value)));
  const parts = Array.from({ length: panel.components }, (unused, k) =>
    Math.exp(mixture.logWeight[k]) >= SMALLEST_WEIGHT
      ? y.map((value) => Math.exp(logJoint(mixture, k, value)))
      : y.map(() => null));
  const near = nearby(panel, x, yRange);
  return {
    y,
    density,
    near,
    mixture,
    data: columns(near.histogram, near.points, near.open, atomColumns(mixture), [y, ...parts, reference, density]),
  };
}

/** Draws anew what depends on the sliders. */
function update() {
  const now = chosen();
  const { panel, x, tau } = now;
  const drawn = densityColumns(now, panel.yRange);
  const discrete = isDiscrete(panel.family);
  const atoms = atomsSaid(drawn.mixture);
  densityChart.setData(drawn.data);
  const at = panel.input + " = " + said(panel, x);
  element("x-value").textContent = said(panel, x);
  element("tau-value").textContent = tau.toFixed(2);
  element("x").setAttribute("aria-valuetext", at);
  element("tau").setAttribute("aria-valuetext", tau.toFixed(2));
  element("density-caption").textContent =
    (discrete ? "Probabilities of " : "Density of ") + panel.output + " at " + at + ", τ = " + tau.toFixed(2) +
    (drawn.near.count > 0 ? "; grey: " + drawn.near.count + (drawn.near.count > 1 ? " data points" : " data point") + " near it" : "");
  element("integral").textContent = totalProbability(drawn.mixture, drawn.y, drawn.density).toFixed(4);
  element("atoms").textContent = atoms && "; " + atoms;
  const likeliest = drawn.y[drawn.density.indexOf(Math.max(...drawn.density))];
  element("likeliest").textContent = short(likeliest);
  element("density").setAttribute("aria-label",
    (discrete ? "Probabilities of " : "Density over ") + panel.output + " at " + at + ", temperature " + tau.toFixed(2) +
    "; the highest is at " + short(likeliest) + (atoms && "; " + atoms));
  const line = [[x, x], panel.yRange];
  const xs = placed(panel, panel.data.x);
  const pick = (values, open) => values.filter((unused, n) => panel.open.includes(n) === open);
  scatterCharts[0].setData(columns(
    [pick(xs, false), pick(panel.data.y, false)],
    [pick(xs, true), pick(panel.data.y, true)],
    line));
  const inputs = panel.samples[now.temperature].map((unused, n) => panel.grid[Math.floor(n / panel.perInput)]);
  scatterCharts[1].setData(columns([placed(panel, inputs), panel.samples[now.temperature]], [[], []], line));
  element("samples-count").textContent = "(" + inputs.length + ", τ = " + tau.toFixed(2) + ")";
  jointCharts.forEach((jointChart) => updateJoint(jointChart, now, at));
}

/** Colours the plane anew. */
function updateJoint(jointChart, { i, tau }, at) {
  const { joint, plot, caption } = jointChart;
  const [x, y] = joint.outputs;
  jointChart.density = planeDensity(joint.mixtures[i], tau);
  const shown = joint.oneEach ? [i] : joint.data.x.map((unused, n) => n);
  caption.textContent =
    "Joint density of " + x + " and " + y + " at " + at + ", τ = " + tau.toFixed(2) + ": the stronger the colour, the denser; " +
    (joint.oneEach ? "the dot is what was observed" : "the dots are the test rows, whose other inputs vary");
  plot.root.parentElement.setAttribute("aria-label", caption.textContent);
  plot.setData(columns([shown.map((n) => joint.data.x[n]), shown.map((n) => joint.data.y[n])]));
}

/** A colour for each cell of the plane, behind the axes' grid. */
function colourPlane(jointChart, plot) {
  if (!jointChart.density) {
    return;
  }
  const { left, top, width, height } = plot.bbox;
  const size = CELL * devicePixelRatio;
  const cells = [];
  for (let px = 0; px < width; px += size) {
    for (let py = 0; py < height; py += size) {
      const x = plot.posToVal(left + px + size / 2, "x", true);
      const y = plot.posToVal(top + py + size / 2, "y", true);
      cells.push([px, py, jointChart.density(x, y)]);
    }
  }
  const most = cells.reduce((max, [, , value]) => Math.max(max, value), 0);
  plot.ctx.save();
  plot.ctx.fillStyle = colour("model");
  for (const [px, py, value] of most > 0 ? cells : []) {
    plot.ctx.globalAlpha = 0.9 * Math.sqrt(value / most); // the root, so that thin places are seen
    plot.ctx.fillRect(left + px, top + py, Math.min(size, width - px), Math.min(size, height - py));
  }
  plot.ctx.restore();
}

/** The joint densities of pairs of targets, if the view has some. */
function drawJoints(panel) {
  element("joint").replaceChildren();
  element("joint").className = panel.joints.length > 1 ? "pair" : "";
  jointCharts = panel.joints.map((index) => drawJoint(report.joints[index]));
}

function drawJoint(joint) {
  const { place, caption } = figure(element("joint"), "", "");
  const jointChart = { joint, caption };
  jointChart.plot = chart(place, 420, {
    labels: joint.outputs,
    x: () => padded(joint.data.x, 0.2),
    y: () => padded(joint.data.y, 0.2),
    series: [pointSeries(joint.oneEach ? "observed" : "test rows", colour("ink"), joint.oneEach ? 10 : 3)],
    hooks: { drawClear: [(plot) => colourPlane(jointChart, plot)] },
  }, [[], []]);
  return jointChart;
}

function scatter(place, panel, label, stroke, rings) {
  const plot = chart(place, 320, {
    labels: [panel.input, panel.output],
    x: () => panel.xRange,
    y: () => panel.yRange,
    names: panel.names,
    series: [
      pointSeries(label, stroke, 3),
      { ...ringSeries(OPEN, stroke, 6), ...(rings ? {} : { class: "unlisted" }) },
      lineSeries("the x chosen above", colour("mark"), { spanGaps: true }),
    ],
  }, [[], [], [], []]);
  plot.over.addEventListener("click", () => {
    const x = plot.posToVal(plot.cursor.left, "x");
    const distance = panel.grid.map((value) => Math.abs(value - x));
    element("x").value = distance.indexOf(Math.min(...distance));
    update();
  });
  return plot;
}

/** What is drawn of y: the data, and where these are ends of intervals, nearly all samples too. */
function rangeOf(panel) {
  if (panel.family === "VON_MISES") {
    return [-Math.PI, Math.PI];
  }
  const samples = [...panel.samples[report.temperatures.indexOf(1)]].sort((a, b) => a - b);
  const shown = panel.open.length > 0 ? [0.02, 0.98].map((share) => samples[Math.floor(share * samples.length)]) : [];
  const [low, high] = padded([...panel.data.y, ...shown], 0.2);
  return isDiscrete(panel.family) ? [-0.5, Math.max(high, 2)] : [low, high];
}

/** Makes the charts of the chosen view. */
function drawView() {
  const { panel, tau } = chosen();
  panel.components = Math.max(...panel.mixtures.map((mixture) => mixture.location.length));
  panel.xRange = panel.names ? [-0.5, panel.names.length - 0.5] : padded([...panel.grid, ...panel.data.x], 0.02);
  panel.yRange = rangeOf(panel);
  const discrete = isDiscrete(panel.family);
  const atoms = !discrete && panel.mixtures[0].atoms;
  element("note").textContent = panel.note;
  element("data-count").textContent = "(" + panel.data.x.length + " points)";
  element("data-chart").setAttribute("aria-label", panel.data.x.length + " points of the data, " + panel.output + " over " + panel.input);
  element("samples-chart").setAttribute("aria-label", "samples of the model, " + panel.output + " over " + panel.input);
  densityChart = chart(element("density"), 340, {
    labels: [panel.output, discrete ? "probability" : "density"],
    right: atoms ? "probability" : null,
    whole: discrete,
    x: () => panel.yRange,
    y: densityRange(atoms ? () => panel.yRange : null),
    series: [
      lineSeries("data near x", colour("data"),
        {
          width: 1,
          spanGaps: true,
          fill: colour("data") + "55",
          paths: uPlot.paths.stepped({ align: 1 }),
          class: panel.nearby === null ? "unlisted" : null,
        }),
      { ...pointSeries("data near x", colour("data"), 12), class: "unlisted" },
      { ...ringSeries(OPEN, colour("data"), 12), class: panel.open.length > 0 ? null : "unlisted" },
      atomSeries("probability of a value, right axis", colour("other"), { class: atoms ? null : "unlisted" }),
      ...Array.from({ length: panel.components }, (unused, k) =>
        lineSeries("its components", colour("part"), { spanGaps: true, class: k > 0 ? "unlisted" : null })),
      lineSeries("learned, τ = 1", colour("ink"), { spanGaps: true, width: 1.5, dash: [6, 5] }),
      densitySeries("at this τ", discrete),
    ],
  }, [[], ...Array.from({ length: 6 + panel.components }, () => [])]);
  scatterCharts = [
    scatter(element("data-chart"), panel, "data", colour("data"), panel.open.length > 0),
    scatter(element("samples-chart"), panel, "samples", colour("model"), false),
  ];
  drawJoints(panel);
  update();
}

function figure(parent, caption, description) {
  const holder = document.createElement("figure");
  const text = document.createElement("figcaption");
  text.textContent = caption;
  const place = document.createElement("div");
  place.className = "chart";
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", description);
  holder.append(text, place);
  parent.append(holder);
  return { place, caption: text };
}

function drawLoss({ train, validation, floor }) {
  const { place } = figure(element("fit"), "Negative log-likelihood by epoch",
    "Negative log-likelihood by epoch; validation ends at " + short(validation[validation.length - 1]));
  const series = [
    lineSeries("training", colour("data"), { dash: [6, 4] }),
    lineSeries("validation", colour("model")),
  ];
  const data = [train.map((unused, n) => n + 1), train, validation];
  if (floor !== null) {
    series.push(lineSeries("no model can beat " + floor.toFixed(3), colour("mark"), { dash: [2, 4] }));
    data.push(train.map(() => floor));
  }
  chart(place, 300, { labels: ["epoch", "nats"], series }, data);
}

function drawPit(target, { count, density, low, high }) {
  const { place } = figure(element("fit"), "PIT of " + count + " targets" + (target && ": " + target),
    "Histogram of the PIT values; a calibrated model's is flat at 1");
  const edges = [...density, 0].map((unused, b) => b / density.length);
  chart(place, 300, {
    labels: ["F(y | x)", "density"],
    x: () => [0, 1],
    y: (unused, from, to) => [0, 1.15 * Math.max(to, high)],
    series: [
      lineSeries("PIT values", colour("model"),
        { fill: colour("model") + "44", paths: uPlot.paths.stepped({ align: 1 }) }),
      lineSeries("where 95 % of a calibrated model's bars end", colour("mark"), { dash: [6, 4] }),
      lineSeries("the same", colour("mark"), { dash: [6, 4], class: "unlisted" }),
    ],
    bands: [{ series: [2, 3], fill: colour("part") + "33" }],
  }, [edges, [...density, density[density.length - 1]], edges.map(() => high), edges.map(() => low)]);
}

function drawCoverage(target, coverage) {
  const { place } = figure(element("fit"), "Coverage of predicted regions" + (target && ": " + target),
    "Observed against nominal coverage; a calibrated model is on the diagonal");
  const styles = [["model", 7], ["mark", 11], ["other", 9]];
  chart(place, 300, {
    labels: ["nominal", "observed"],
    x: () => [0, 1],
    y: () => [0, 1],
    series: [
      lineSeries("calibrated", colour("data"), { spanGaps: true, dash: [6, 4], width: 1.5 }),
      ...coverage.map(({ name }, c) => {
        const [tone, size] = styles[c % styles.length];
        return lineSeries(name, colour(tone), {
          spanGaps: true,
          width: 1.5,
          points: { show: true, size, width: 2, stroke: colour(tone), fill: c === 0 ? colour(tone) : colour("paper") },
        });
      }),
    ],
  }, columns([[0, 1], [0, 1]], ...coverage.map(({ nominal, observed }) => [nominal, observed])));
}

/** Mean predicted survival over Kaplan and Meier's estimate. */
function drawSurvival({ target, grid, estimate, low, high, models, means }) {
  const { place } = figure(element("fit"), "Survival, mean of all test rows: " + target,
    "Mean predicted probability of a larger " + target + " over the Kaplan-Meier estimate of the same rows");
  const tones = ["model", "other", "mark", "part"];
  chart(place, 300, {
    labels: [target + ", t", "P(larger than t)"],
    y: () => [0, 1],
    series: [
      lineSeries("95 % of such estimates", colour("data"), { width: 1, dash: [2, 4] }),
      lineSeries("the same", colour("data"), { width: 1, dash: [2, 4], class: "unlisted" }),
      lineSeries("Kaplan-Meier", colour("ink"), { paths: uPlot.paths.stepped({ align: 1 }) }),
      ...models.map((name, m) => lineSeries(name, colour(tones[m % tones.length]))),
    ],
    bands: [{ series: [2, 1], fill: colour("data") + "22" }],
  }, [grid, low, high, estimate, ...means]);
}

function cell(kind, text) {
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
}

function fillFigures({ columns: heads, rows, note }) {
  const head = document.createElement("tr");
  head.append(document.createElement("td"), ...heads.map((text) => {
    const made = cell("th", text);
    made.scope = "col";
    return made;
  }));
  const body = rows.map(([name, ...values]) => {
    const row = document.createElement("tr");
    const made = cell("th", name);
    made.scope = "row";
    row.append(made, ...heads.map((unused, c) => cell("td", values[c] ?? "")));
    return row;
  });
  element("figures").createTHead().append(head);
  element("figures").createTBody().append(...body);
  element("figures-note").textContent = note;
  element("figures-note").hidden = note === "";
}

/** Draws all charts: at first, and anew when the reader turns from light to dark. */
function drawAll() {
  charts.forEach((plot) => plot.destroy());
  charts = [];
  element("fit").replaceChildren();
  drawView();
  if (report.loss) {
    drawLoss(report.loss);
  }
  for (const { target, pit, coverage } of report.calibrations) {
    drawPit(target, pit);
    drawCoverage(target, coverage);
  }
  report.survivals.forEach(drawSurvival);
  element("fit").parentElement.hidden = element("fit").childElementCount === 0;
  drawTable();
}

function chooseView() {
  const panel = report.panels[Number(element("view").value)];
  element("x-name").textContent = panel.input;
  element("x").max = panel.grid.length - 1;
  element("x").value = panel.start;
}

document.title = report.title;
element("title").textContent = report.title;
element("summary").textContent = report.summary;
element("view").append(...report.panels.map(({ name }, i) => new Option(name, i)));
element("view-line").hidden = report.panels.length === 1;
element("targets-note").hidden =
  report.joints.length > 0 || new Set(report.panels.map(({ output }) => output)).size === 1;
element("tau").max = report.temperatures.length - 1;
element("tau").value = report.temperatures.indexOf(1);
element("controls").addEventListener("submit", (event) => event.preventDefault());
element("view").addEventListener("change", () => {
  chooseView();
  drawAll();
});
element("x").addEventListener("input", update);
element("tau").addEventListener("input", update);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
new ResizeObserver(() =>
  charts.forEach((plot) => plot.setSize({ width: plot.root.parentElement.clientWidth, height: plot.height })),
).observe(document.querySelector("main"));
fillFigures(report.figures);
