// Legend with totals and switches.

function swatch(style) {
  const symbol = symbolOptions(style);
  return svg(
    "svg",
    { class: "hz-swatch", width: 66, height: 22, viewBox: "0 0 66 22", "aria-hidden": "true" },
    svg("path", { d: SHAPES[style.symbol](11, 11, 8), fill: symbol.fillColor, stroke: symbol.color, "stroke-width": 1.4, "fill-rule": "evenodd" }),
    svg("rect", { x: 26, y: 2, width: 38, height: 18, fill: `url(#hz-hatch-${style.key})`, stroke: style.outline, "stroke-width": style.width, "stroke-dasharray": style.dash }),
  );
}

function lineSample(colour, { width, dash }, to) {
  return svg("line", { x1: 2, y1: 11, x2: to, y2: 11, stroke: colour, "stroke-width": width, "stroke-dasharray": dash });
}

function lineSwatch(colour, style, width = 66) {
  const size = { width, height: 22, viewBox: `0 0 ${width} 22` };
  return svg("svg", { class: "hz-swatch", ...size, "aria-hidden": "true" }, lineSample(colour, style, width - 2));
}

function bandSwatch(colour, lines) {
  const swatch = svg("svg", { class: "hz-swatch", width: 66, height: 22, viewBox: "0 0 66 22", "aria-hidden": "true" });
  swatch.append(svg("rect", { x: 2, y: 2, width: 62, height: 18, fill: colour, "fill-opacity": 0.16 }), ...lines);
  return swatch;
}

function toggle(map, layer, shown, onChange) {
  const box = html("input", { type: "checkbox" });
  box.checked = shown;
  box.addEventListener("change", () => {
    if (box.checked) map.addLayer(layer);
    else map.removeLayer(layer);
    onChange();
  });
  return box;
}

function legendRow(...children) {
  return html("li", {}, ...children);
}

function areaRow(switches, style, onChange) {
  const box = switchBox(switches, "style", style.key, onChange);
  const words = html("span", { class: "hz-words" }, html("span", {}, style.label), html("small", {}, style.total));
  return legendRow(html("label", {}, box, swatch(style), words));
}

function unsureRow(data) {
  const style = data.styles.find(({ key }) => key === data.legend[1]);
  const look = symbolOptions(style, "", true);
  const frame = { x: 29, y: 4, width: 32, height: 14, fill: "none" };
  const sample = svg(
    "svg",
    { class: "hz-swatch", width: 66, height: 22, viewBox: "0 0 66 22", "aria-hidden": "true" },
    svg("path", { d: SHAPES[style.symbol](11, 11, 8), fill: look.fillColor, stroke: look.color, "stroke-width": look.weight }),
    svg("rect", { ...frame, stroke: UNSURE, "stroke-width": style.width + 4, "stroke-dasharray": "2 5" }),
    svg("rect", { ...frame, fill: `url(#hz-hatch-${style.key})`, stroke: style.outline, "stroke-width": style.width, "stroke-dasharray": style.dash }),
  );
  const count = data.records.filter(({ unsure }) => unsure).length;
  const words = html("span", { class: "hz-words" }, html("span", {}, "Black edge, of any class: side cannot be told"), html("small", {}, `${count} within the border’s offset (indeterminate).`));
  return legendRow(html("span", { class: "hz-sub" }, sample, words));
}

// The lines between the countries in question; all, where the source draws none between them.
function askedLines(version) {
  const asked = version.lines.filter((line) => line.asked);
  return asked.length ? asked : version.lines;
}

function borderRow(map, version, group, styles, onChange) {
  const box = toggle(map, group, version.shown, onChange);
  const present = Object.entries(styles).filter(([key]) => askedLines(version).some((line) => line.status === key)).map(([, style]) => style);
  const single = present.length === 1 ? present : [];
  const note = single.map(({ label }) => `${label}. `).join("") + version.note;
  const words = html("span", { class: "hz-words" }, html("span", {}, `Border: ${version.name}`), html("small", {}, note));
  const sample = bandSwatch(version.colour, single.map((style) => lineSample(version.colour, style, 64)));
  const row = legendRow(html("label", {}, box, sample, words));
  const others = askedLines(version).length < version.lines.length;
  if (others) words.append(html("small", {}, "Thinner and paler: borders between other countries, in the same source."));
  if (present.length > 1) row.append(html("span", { class: "hz-sub" }, statusSamples(version.colour, present)));
  return row;
}

function statusSamples(colour, present) {
  const samples = present.map((style) => html("span", {}, lineSwatch(colour, style, 36), style.label));
  return html("span", { class: "hz-statuses" }, ...samples);
}

function makeLegend({ map, data, switches, borders, blocks }, onChange) {
  const legend = document.getElementById("hz-legend");
  const ordered = data.legend.map((key) => data.styles.find((style) => style.key === key));
  const shown = ordered.filter((style) => style.count || style.key === "CHA" || style.key === "SHA");
  const list = html("ul", {}, ...shown.map((style) => areaRow(switches, style, onChange)), crowdRow(data, blocks, onChange));
  if (data.records.some(({ unsure }) => unsure)) list.append(unsureRow(data));
  const lines = html("ul", {}, ...data.borders.map((version, i) => borderRow(map, version, borders[i], data.borderStyles, onChange)));
  if (data.base) {
    const words = html("span", { class: "hz-words" }, html("span", {}, "Boundary of the base map"), html("small", {}, "Overview only; may be kilometres off. Not drawn close up."));
    lines.append(legendRow(html("span", { class: "hz-sub" }, lineSwatch(data.palette.edge, { width: 1.2, dash: "" }), words)));
  }
  legend.append(html("h2", {}, "Legend"), list, totalsList(data), ...switchRows(switches, onChange), lines);
}

function totalsList(data) {
  if (!data.totals.length) return html("p", { class: "hz-none" }, "These data hold no open hazard. That does not mean that there is none.");
  return html("dl", { class: "hz-totals" }, ...data.totals.flatMap(([word, value]) => [html("dt", {}, word), html("dd", {}, value)]));
}
