/*
 * What the page of a table has beside that of any model: a row whose cells can be changed, what the model looks at,
 * and tables of texts.
 */

const STEPS = 200; // of a slider over numbers
const TAIL = 0.01; // of what was observed, that need not be in the picture
const POINTS = 201; // of a survival curve
const SHOWN_CELLS = 12; // the others can be unfolded
let explored; // {cells, controls, views}, a view per target

const isoDate = (seconds) => new Date(1000 * seconds).toISOString().slice(0, 10);

/** A value to the last of the two digits that its standard error has. */
function withError(value, error) {
  const places = error > 0 ? Math.min(20, Math.max(0, 1 - Math.floor(Math.log10(error)))) : 3;
  return value.toFixed(places) + " ± " + error.toFixed(places);
}

/** A control for one cell; the returned object shows and reads its value. */
function cellControl(input, n) {
  const line = document.createElement("div");
  line.className = "cell";
  const label = cell("label", input.name);
  const id = "cell-" + n;
  label.htmlFor = id;
  line.append(label);
  if (input.kind === "CATEGORY" || input.kind === "BOOLEAN") {
    const select = document.createElement("select");
    select.id = id;
    const options = input.kind === "BOOLEAN" ? [["true", 1], ["false", 0]] : input.names.map((name) => [name, name]);
    options.forEach(([text, value], i) => select.append(new Option(text, i)));
    select.append(new Option("(missing)", -1));
    line.append(select);
    return {
      line,
      control: select,
      show: (value) => {
        let at = value === null ? -1 : options.findIndex(([, own]) => own === value);
        if (value !== null && at < 0) {
          options.push([value, value]); // a name that is not among the page's
          at = options.length - 1;
          select.append(new Option(value, at));
        }
        select.value = at;
      },
      read: () => (Number(select.value) < 0 ? null : options[Number(select.value)][1]),
    };
  }
  const slider = document.createElement("input");
  slider.type = "range";
  slider.id = id;
  const days = input.kind === "DATE";
  slider.min = input.low;
  slider.max = input.high;
  slider.step = days ? DAY : "any";
  const shown = document.createElement("output");
  shown.htmlFor = id;
  const missing = document.createElement("input");
  missing.type = "checkbox";
  missing.id = id + "-missing";
  missing.setAttribute("aria-label", input.name + ": missing");
  const missingLabel = cell("label", "missing");
  missingLabel.htmlFor = missing.id;
  missingLabel.className = "missing";
  line.append(slider, shown, missing, missingLabel);
  let exact = null; // a row's own value, which no step of the slider may have
  const write = () => {
    const value = exact ?? Number(slider.value);
    shown.textContent = missing.checked ? "–" : days ? isoDate(value) : short(value);
    slider.setAttribute("aria-valuetext", shown.textContent);
  };
  slider.addEventListener("input", () => {
    exact = null;
    missing.checked = false;
    write();
  });
  slider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (step && !days) {
      slider.value = Number(slider.value) + (step * (input.high - input.low)) / STEPS;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      event.preventDefault();
    }
  });
  missing.addEventListener("input", write);
  return {
    line,
    control: slider,
    show: (value) => {
      missing.checked = value === null;
      exact = value;
      slider.value = value ?? (input.low + input.high) / 2;
      write();
    },
    read: () => (missing.checked ? null : exact ?? Number(slider.value)),
  };
}

/** Makes the controls of all cells, once. */
function fillCells({ inputs, rows }) {
  const controls = inputs.map(cellControl);
  controls.forEach(({ line }, n) => element(n < SHOWN_CELLS ? "cells" : "cells-below").append(line));
  element("more-cells").hidden = inputs.length <= SHOWN_CELLS;
  element("row").max = rows.length - 1;
  element("row").value = 0;
  const changed = () => {
    explored.cells = controls.map(({ read }) => read());
    updateRow();
  };
  element("row-controls").addEventListener("submit", (event) => event.preventDefault());
  for (const id of ["cells", "cells-below"]) {
    element(id).addEventListener("input", changed);
  }
  element("row").addEventListener("input", chooseRow);
  element("row-reset").addEventListener("click", chooseRow);
  const views = report.explorer.targets.map((target, t) => {
    const observed = rows.map((row) => row.observed[t]).sort((a, b) => a - b);
    const range = [TAIL, 1 - TAIL].map((share) => observed[Math.round(share * (observed.length - 1))]);
    return { target, t, range, shown: range, ...rowFigure(t) };
  });
  explored = { controls, views, cells: [...rows[0].cells] };
}

/** The place of one target's distribution, and of its survival where there is one. */
function rowFigure(t) {
  const id = t > 0 ? "-" + t : "";
  const { place, caption } = figure(element("row-figures"), "", "");
  place.id = "row-chart" + id;
  caption.id = "row-caption" + id;
  const said = cell("p", "");
  said.id = "row-said" + id;
  said.className = "read-out";
  said.setAttribute("role", "status");
  place.after(said);
  if (!report.explorer.censored) {
    return { place, caption, said };
  }
  const survival = figure(element("row-figures"), "", "");
  survival.place.id = "row-survival" + id;
  return { place, caption, said, survival };
}

function chooseRow() {
  const { rows } = report.explorer;
  const row = rows[Number(element("row").value)];
  explored.cells = [...row.cells];
  explored.controls.forEach(({ show }, n) => show(row.cells[n]));
  element("row-value").textContent = row.name;
  element("row").setAttribute("aria-valuetext", row.name);
  updateRow();
}

/** The mixture of a row with these cells, over one target. */
function rowMixture(cells, target = 0) {
  const { model, inputs } = report.explorer;
  const named = Object.fromEntries(inputs.map(({ name }, n) => [name, cells[n]]));
  return atTemperature(predictRow(model, named, target), 1);
}

/** Draws the distributions of the row as its cells are now. */
function updateRow() {
  const row = report.explorer.rows[Number(element("row").value)];
  const count = explored.cells.filter((value, n) => value !== row.cells[n]).length;
  const changes = count > 0 ? ", " + count + (count > 1 ? " cells changed" : " cell changed") : "";
  explored.controls.forEach(({ line }, n) => line.classList.toggle("changed", explored.cells[n] !== row.cells[n]));
  explored.views.forEach((view) => updateTarget(view, row, changes));
}

function updateTarget(view, row, changes) {
  const { target, t } = view;
  const mixture = rowMixture(explored.cells, t);
  const before = rowMixture(row.cells, t);
  const discrete = isDiscrete(mixture.family);
  const observed = row.observed[t];
  const y = densityGrid(mixture, ...view.range);
  const density = y.map((value) => Math.exp(logDensity(mixture, value)));
  const reference = y.map((value) => Math.exp(logDensity(before, value)));
  const [least, from, low, median, high, to, most] =
    quantiles(mixture, y, density, [TAIL, 0.05, 0.25, 0.5, 0.75, 0.95, 1 - TAIL]);
  const [left, right] = padded([...view.range, observed, least, most], 0.05);
  view.shown = discrete ? [-0.5, Math.max(2, right)] : [left, right];
  const exact = row.exact[t];
  const point = [[observed], [0]];
  view.chart.setData(columns(
    exact ? point : [[], []], exact ? [[], []] : point, atomColumns(mixture), [y, reference, density]));
  const atoms = atomsSaid(mixture);
  const said = (atoms && atoms + "; ") + "median " + short(median) + ", half between " + short(low) + " and " + short(high) +
    ", 90 % between " + short(from) + " and " + short(to) + "; observed: " + row.said[t];
  view.said.textContent = said;
  view.caption.textContent = (discrete ? "Predicted probabilities of " : "Predicted density of ") + target + " for " +
    row.name + changes;
  view.place.setAttribute("aria-label", (discrete ? "Probabilities of " : "Density over ") + target + ": " + said);
  if (view.survival) {
    const [start, end] = view.shown;
    const times = Array.from({ length: POINTS }, (unused, i) => start + ((end - start) * i) / (POINTS - 1));
    const curve = (of) => times.map((time) => survival(of, time));
    view.survivalChart.setData([times, curve(before), curve(mixture)]);
    const text = "Predicted probability of a larger " + target + " for " + row.name + changes;
    view.survival.caption.textContent = text;
    view.survival.place.setAttribute("aria-label", text + "; one half at " + short(median));
  }
}

function drawRow() {
  const family = report.explorer.model.members[0].spec.family;
  const discrete = isDiscrete(family);
  const atoms = !discrete && report.explorer.model.atoms?.length > 0;
  const { censored } = report.explorer;
  const before = () => lineSeries("the row as it was", colour("ink"), { spanGaps: true, width: 1.5, dash: [6, 5] });
  for (const view of explored.views) {
    view.chart = chart(view.place, 320, {
      labels: [view.target, discrete ? "probability" : "density"],
      right: atoms ? "probability" : null,
      whole: discrete,
      x: () => view.shown,
      y: densityRange(atoms ? () => view.shown : null),
      series: [
        pointSeries("observed", colour("mark"), 13),
        { ...ringSeries(OPEN, colour("mark"), 13), class: censored ? null : "unlisted" },
        atomSeries("probability of a value, right axis", colour("other"), { class: atoms ? null : "unlisted" }),
        before(),
        densitySeries("with the cells above", discrete),
      ],
    }, [[], [], [], [], [], []]);
    if (view.survival) {
      view.survivalChart = chart(view.survival.place, 240, {
        labels: [view.target + ", t", "P(larger than t)"],
        y: () => [0, 1],
        series: [before(), lineSeries("with the cells above", colour("model"), { width: 3 })],
      }, [[], [], []]);
    }
  }
  updateRow();
}

/** The table of what each column is worth, most first. */
function fillImportance() {
  const several = new Set(report.features.map(({ target }) => target)).size > 1;
  const shown = several ? report.features.filter(({ target }) => target === report.features[0].target) : report.features;
  const most = Math.max(...shown.map(({ nats }) => nats), 1e-9);
  element("importance").append(...shown.map(({ name, nats, standardError }) => {
    const row = document.createElement("tr");
    const head = cell("th", name);
    head.scope = "row";
    const bar = document.createElement("span");
    bar.className = "bar";
    bar.style.width = 100 * Math.max(0, nats / most) + "%";
    const place = document.createElement("td");
    place.append(bar);
    row.append(head, place, cell("td", withError(nats, standardError)));
    return row;
  }));
}

/** Effect and residuals of a column, side by side. */
function drawFeature({ name, axis, target, names, effect, residuals }) {
  const named = names.length > 0 ? names : null;
  const places = [...effect.x, ...(residuals?.x ?? [])];
  const x = () => (named ? [-0.5, named.length - 0.5] : padded(places, 0.02));
  const one = figure(element("effects"), "Effect of " + name + " on " + target,
    "The predicted distribution of " + target + " along " + name);
  const dots = (tone, size) => // names have nothing between them
    named ? { paths: () => null, points: { show: true, size, stroke: colour(tone), fill: colour(tone) } } : {};
  chart(one.place, 280, {
    labels: [axis, target],
    x,
    y: () => padded(effect.ninety.flat(), 0.05),
    names: named,
    series: [
      lineSeries("90 %", colour("part"), { width: 1, ...dots("part", 5) }),
      lineSeries("the same", colour("part"), { width: 1, ...dots("part", 5), class: "unlisted" }),
      lineSeries("50 %", colour("other"), { width: 1, ...dots("other", 6) }),
      lineSeries("the same", colour("other"), { width: 1, ...dots("other", 6), class: "unlisted" }),
      lineSeries("median", colour("model"), dots("model", 8)),
    ],
    bands: [{ series: [2, 1], fill: colour("part") + "33" }, { series: [4, 3], fill: colour("other") + "44" }],
  }, [effect.x, ...effect.ninety, ...effect.half, effect.median]);
  if (!residuals) {
    return;
  }
  const two = figure(element("effects"), "Residuals along " + name,
    "Observed less predicted median of " + target + " along " + name);
  chart(two.place, 280, {
    labels: [axis, target + ", observed − median"],
    x,
    y: () => padded(residuals.y, 0.05),
    names: named,
    series: [
      pointSeries("test rows", colour("data"), 4),
      lineSeries("0", colour("mark"), { spanGaps: true, dash: [6, 4] }),
    ],
  }, columns([placed({ names: named }, residuals.x), residuals.y], [x(), [0, 0]]));
}

function fillListings() {
  report.listings.forEach(({ title, note, columns: heads, rows }, n) => {
    const section = document.createElement("section");
    const head = cell("h2", title);
    head.id = "listing-" + n;
    section.setAttribute("aria-labelledby", head.id);
    const scroll = document.createElement("div");
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-labelledby", head.id);
    const table = document.createElement("table");
    const line = document.createElement("tr");
    line.append(...heads.map((text) => {
      const made = cell("th", text);
      made.scope = "col";
      return made;
    }));
    table.createTHead().append(line);
    table.createTBody().append(...rows.map(([name, ...values]) => {
      const row = document.createElement("tr");
      const made = cell("th", name);
      made.scope = "row";
      row.append(made, ...values.map((text) => cell("td", text)));
      return row;
    }));
    scroll.append(table);
    section.append(head, scroll);
    if (note) {
      const text = cell("p", note);
      text.className = "note";
      section.append(text);
    }
    element("listings").append(section);
  });
}

/** Draws the charts of a table: at first, and anew with all others. */
function drawTable() {
  if (report.explorer) {
    drawRow();
  }
  element("effects")?.replaceChildren();
  report.features.filter(({ effect }) => effect).forEach(drawFeature);
}

if (report.explorer) {
  element("row-section").hidden = false;
  fillCells(report.explorer);
} else {
  element("row-section").remove();
}
if (report.features.length > 0) {
  element("features-section").hidden = false;
  fillImportance();
} else {
  element("features-section").remove();
}
fillListings();
chooseView();
drawAll();
if (report.explorer) {
  chooseRow();
}
