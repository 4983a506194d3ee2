const report = JSON.parse(document.getElementById("report").textContent);
const element = (id) => document.getElementById(id);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const short = (value) => String(Number(value.toPrecision(4)));

const HISTOGRAM_FROM = 30; // fewer points near x are drawn one by one
const SMALLEST_WEIGHT = 0.001; // of a component that is drawn
const LONGEST_NAME = 14; // on an axis
const CELL = 5; // pixels of a joint density that have one colour

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
      scales: { x: { time: false, range: options.x }, y: { range: options.y } },
      axes: [
        { ...axis(options.labels[0]), space: options.names ? nameSpace(options.names) : 80, ...(options.names ? named(options.names) : {}) },
        { ...axis(options.labels[1]), size: wide },
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

/** Data near x, as the heights of a histogram over its edges, or as single points on the axis. */
function nearby(panel, x, yRange) {
  const empty = { histogram: [[], []], points: [[], []], count: 0 };
  if (panel.nearby === null) {
    return empty;
  }
  const values = panel.data.y.filter((unused, n) => Math.abs(panel.data.x[n] - x) <= panel.nearby);
  if (values.length < HISTOGRAM_FROM) {
    return { ...empty, points: [values, values.map(() => 0)], count: values.length };
  }
  const bins = 60;
  const width = (yRange[1] - yRange[0]) / bins;
  const heights = new Array(bins + 1).fill(0); // the last edge closes the last step
  for (const y of values) {
    heights[Math.min(bins - 1, Math.floor((y - yRange[0]) / width))] += 1 / (values.length * width);
  }
  const edges = heights.map((unused, b) => yRange[0] + b * width);
  return { histogram: [edges, heights], points: [[], []], count: values.length };
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
    data: columns(near.histogram, near.points, [y, ...parts, reference, density]),
  };
}

/** Draws anew what depends on the sliders. */
function update() {
  const now = chosen();
  const { panel, x, tau } = now;
  const drawn = densityColumns(now, panel.yRange);
  densityChart.setData(drawn.data);
  const at = panel.input + " = " + said(panel, x);
  element("x-value").textContent = said(panel, x);
  element("tau-value").textContent = tau.toFixed(2);
  element("x").setAttribute("aria-valuetext", at);
  element("tau").setAttribute("aria-valuetext", tau.toFixed(2));
  element("density-caption").textContent =
    "Density of " + panel.output + " at " + at + ", τ = " + tau.toFixed(2) +
    (drawn.near.count > 0 ? "; grey: " + drawn.near.count + (drawn.near.count > 1 ? " data points" : " data point") + " near it" : "");
  element("integral").textContent = integral(drawn.y, drawn.density).toFixed(4);
  const likeliest = drawn.y[drawn.density.indexOf(Math.max(...drawn.density))];
  element("likeliest").textContent = short(likeliest);
  element("density").setAttribute("aria-label",
    "Density over " + panel.output + " at " + at + ", temperature " + tau.toFixed(2) +
    "; its highest point is at " + short(likeliest));
  const line = [[x, x], panel.yRange];
  scatterCharts[0].setData(columns([placed(panel, panel.data.x), panel.data.y], line));
  const inputs = panel.samples[now.temperature].map((unused, n) => panel.grid[Math.floor(n / panel.perInput)]);
  scatterCharts[1].setData(columns([placed(panel, inputs), panel.samples[now.temperature]], line));
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

function scatter(place, panel, label, stroke) {
  const plot = chart(place, 320, {
    labels: [panel.input, panel.output],
    x: () => panel.xRange,
    y: () => panel.yRange,
    names: panel.names,
    series: [
      pointSeries(label, stroke, 3),
      lineSeries("the x chosen above", colour("mark"), { spanGaps: true }),
    ],
  }, [[], [], []]);
  plot.over.addEventListener("click", () => {
    const x = plot.posToVal(plot.cursor.left, "x");
    const distance = panel.grid.map((value) => Math.abs(value - x));
    element("x").value = distance.indexOf(Math.min(...distance));
    update();
  });
  return plot;
}

/** Makes the charts of the chosen view. */
function drawView() {
  const { panel, tau } = chosen();
  panel.components = Math.max(...panel.mixtures.map((mixture) => mixture.location.length));
  panel.xRange = panel.names ? [-0.5, panel.names.length - 0.5] : padded([...panel.grid, ...panel.data.x], 0.02);
  panel.yRange = panel.family === "VON_MISES" ? [-Math.PI, Math.PI] : padded(panel.data.y, 0.2);
  element("note").textContent = panel.note;
  element("data-count").textContent = "(" + panel.data.x.length + " points)";
  element("data-chart").setAttribute("aria-label", panel.data.x.length + " points of the data, " + panel.output + " over " + panel.input);
  element("samples-chart").setAttribute("aria-label", "samples of the model, " + panel.output + " over " + panel.input);
  densityChart = chart(element("density"), 340, {
    labels: [panel.output, "density"],
    x: () => panel.yRange,
    y: (unused, low, high) => [0, 1.08 * (high || 1)],
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
      ...Array.from({ length: panel.components }, (unused, k) =>
        lineSeries("its components", colour("part"), { spanGaps: true, class: k > 0 ? "unlisted" : null })),
      lineSeries("learned, τ = 1", colour("ink"), { spanGaps: true, width: 1.5, dash: [6, 5] }),
      lineSeries("at this τ", colour("model"), { spanGaps: true, width: 3, fill: colour("model") + "22" }),
    ],
  }, [[], ...Array.from({ length: 4 + panel.components }, () => [])]);
  scatterCharts = [
    scatter(element("data-chart"), panel, "data", colour("data")),
    scatter(element("samples-chart"), panel, "samples", colour("model")),
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

function cell(kind, text) {
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
}

function fillFigures({ columns: heads, rows }) {
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
