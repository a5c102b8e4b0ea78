// Answers to two-sided questions: a layer, a switch and a list for each kind. Strokes only, so that they hide no hazard.

const FINDINGS_FROM = 470; // above the areas; a stroke without a fill
const SIGNS_AT = AREAS_FROM - 2; // above the border and below every area: no symbol is hidden by a sign
const SIGN_CELL = 46; // pixels; signs that would lie on each other become one, with their number

function drawFindings(map, data, onChange) {
  const legend = html("ul", { class: "hz-kinds" });
  const lists = html("section", { class: "hz-findings", "aria-label": "Across the border" }, html("h2", {}, "Across the border"));
  data.findings.forEach((kind, place) => {
    const layer = findingLayer(map, kind, place);
    const box = toggle(map, layer, kind.shown, onChange);
    if (kind.shown) map.addLayer(layer);
    const count = html("small", {}, `${kind.items.length} listed below`);
    const words = html("span", { class: "hz-words" }, html("span", {}, kind.label), count);
    legend.append(legendRow(html("label", {}, box, findingSwatch(kind), words)));
    lists.append(findingList(map, kind, layer, box));
  });
  document.getElementById("hz-hidden-note").before(legend);
  document.getElementById("hz-records").before(lists);
}

function findingLayer(map, kind, place) {
  const pane = `hz-finding-${kind.key}`;
  map.createPane(pane).style.zIndex = FINDINGS_FROM - place;
  const group = L.layerGroup();
  for (const item of kind.items) {
    if (!item.paths.length) continue;
    const line = L.polyline(item.paths, { pane, color: kind.colour, weight: kind.width, dashArray: kind.dash || null, fill: false, smoothFactor: 0, lineCap: "butt", className: `hz-finding hz-finding-${kind.key}` });
    line.on("click", (event) => findingPopup(map, kind, item, event.latlng));
    Object.assign(item, { line, bounds: line.getBounds() });
    group.addLayer(line);
  }
  if (kind.sign) keepSigns(map, kind, group);
  return group;
}

function keepSigns(map, kind, group) {
  const pane = `hz-signs-${kind.key}`;
  map.createPane(pane).style.zIndex = SIGNS_AT;
  const signs = L.layerGroup().addTo(group);
  const items = kind.items.filter((item) => item.line);
  const redraw = () => {
    signs.clearLayers();
    for (const { line } of items) (isSeen(map, line) ? group.addLayer(line) : group.removeLayer(line));
    const cells = new Map();
    for (const item of items.filter(({ grave }) => grave)) {
      const { x, y } = map.project(item.bounds.getCenter()).divideBy(SIGN_CELL).floor();
      const key = `${x},${y}`;
      cells.set(key, [...(cells.get(key) ?? []), item]);
    }
    for (const some of cells.values()) signs.addLayer(signMarker(map, kind, some, pane));
  };
  map.on("zoomend", redraw);
  redraw();
}

// A speck would only blacken the symbol below it; the sign stands for it.
function isSeen(map, line) {
  const bounds = line.getBounds();
  const size = map.project(bounds.getSouthEast()).subtract(map.project(bounds.getNorthWest()));
  return Math.max(size.x, size.y) >= SMALLEST_POLYGON;
}

// Beside the ground and not on it.
function signMarker(map, kind, items, pane) {
  const [first] = items;
  const words = items.length > 1 ? `${kind.sign} ${items.length}` : kind.sign;
  const icon = L.divIcon({ className: "hz-sign", html: html("span", {}, words), iconSize: [0, 0], iconAnchor: [-7, 27] });
  const title = items.length > 1 ? `${kind.label}: ${items.length}` : `${kind.label}: ${first.name}`;
  const marker = L.marker(first.bounds.getCenter(), { icon, pane, keyboard: false, title });
  const all = L.latLngBounds(items.map((item) => item.bounds));
  return marker.on("click", () => (items.length > 1 ? map.fitBounds(all, { padding: [60, 60], maxZoom: 15, animate: false }) : findingPopup(map, kind, first, first.bounds.getCenter())));
}

function findingSwatch(kind) {
  const swatch = lineSwatch(kind.colour, kind);
  if (kind.sign) swatch.append(svg("circle", { cx: 33, cy: 11, r: 8, fill: "#fff", stroke: kind.colour, "stroke-width": 2 }), svg("text", { x: 33, y: 16, "text-anchor": "middle", "font-weight": 700, "font-size": 14 }, kind.sign));
  return swatch;
}

function findingList(map, kind, layer, box) {
  const rows = kind.items.map((item) => {
    const button = html("button", { type: "button" }, item.name);
    if (item.bounds) button.addEventListener("click", () => showFinding(map, kind, item, layer, box));
    else button.disabled = true;
    return html("li", {}, button, html("small", {}, item.words));
  });
  const list = html("details", { class: `hz-list-${kind.key}` }, html("summary", {}, `${kind.label} (${rows.length})`), html("ul", {}, ...rows));
  list.open = kind.shown;
  return list;
}

function showFinding(map, kind, item, layer, box) {
  if (!map.hasLayer(layer)) box.click();
  map.getContainer().scrollIntoView({ block: "nearest" });
  map.fitBounds(item.bounds, { paddingTopLeft: [40, 200], paddingBottomRight: [40, 40], maxZoom: 15, animate: false });
  findingPopup(map, kind, item, L.latLng(item.bounds.getNorth(), item.bounds.getCenter().lng));
}

function findingPopup(map, kind, item, at) {
  const widest = Math.min(360, map.getSize().x - 116);
  const content = html("div", { class: "hz-popup" }, html("h3", {}, item.name), html("p", {}, kind.label), html("p", {}, item.words));
  L.popup({ maxWidth: widest, minWidth: Math.min(220, widest), autoPanPaddingTopLeft: [68, 12], autoPanPaddingBottomRight: [12, 12] }).setLatLng(at).setContent(content).openOn(map);
}
