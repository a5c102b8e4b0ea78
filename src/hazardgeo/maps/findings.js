// Answers to two-sided questions: a layer, a switch and a list for each kind. Strokes only, so that they hide no hazard.

const FINDINGS_FROM = 470; // above the areas; a stroke without a fill

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
    item.bounds = line.getBounds();
    group.addLayer(line);
    if (kind.sign) group.addLayer(signMarker(map, kind, item, pane));
  }
  return group;
}

// Beside the ground and not on it: a symbol of a confirmed area stays in sight.
function signMarker(map, kind, item, pane) {
  const icon = L.divIcon({ className: "hz-sign", html: html("span", {}, kind.sign), iconSize: [20, 20], iconAnchor: [-6, 26] });
  const marker = L.marker(item.bounds.getCenter(), { icon, pane, keyboard: false, title: `${kind.label}: ${item.name}` });
  return marker.on("click", () => findingPopup(map, kind, item, item.bounds.getCenter()));
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
