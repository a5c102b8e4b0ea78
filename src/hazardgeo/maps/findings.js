// Answers to two-sided questions: a layer, a switch and a list for each kind. Strokes only, so that they hide no hazard.

const FINDINGS_FROM = 470; // above the areas; a stroke without a fill
const SIGNS_AT = AREAS_FROM - 2; // above the border and below every area: no symbol is hidden by a sign
const SIGN = { width: 38, height: 22 }; // pixels; signs that would lie on each other become one, with their number

// Gives what puts the signs beside the symbols; `taken` are boxes that they must not stand on.
function drawFindings({ map, data }, onChange) {
  const signed = [];
  const legend = html("ul", { class: "hz-kinds" });
  const lists = html("section", { class: "hz-findings", "aria-label": "Across the border" }, html("h2", {}, "Across the border"));
  data.findings.forEach((kind, place) => {
    const layer = findingLayer(map, kind, place);
    if (kind.sign) signed.push(makeSigns(map, kind, layer));
    const box = toggle(map, layer, kind.shown, onChange);
    if (kind.shown) map.addLayer(layer);
    const count = html("small", {}, `${kind.items.length} listed`);
    const words = html("span", { class: "hz-words" }, html("span", {}, kind.label), count);
    legend.append(legendRow(html("label", {}, box, findingSwatch(kind), words)));
    lists.append(findingList(map, kind, layer, box));
  });
  document.getElementById("hz-legend").append(legend);
  document.getElementById("hz-records").before(lists);
  return (taken) => signed.forEach((place) => place(taken));
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
  return group;
}

function makeSigns(map, kind, group) {
  const pane = `hz-signs-${kind.key}`;
  map.createPane(pane).style.zIndex = SIGNS_AT;
  const signs = L.layerGroup().addTo(group);
  const items = kind.items.filter((item) => item.line);
  return (taken) => {
    signs.clearLayers();
    for (const { line } of items) (isSeen(map, line) ? group.addLayer(line) : group.removeLayer(line));
    if (!map.hasLayer(group)) return;
    for (const { members, at } of signGroups(map, items.filter(({ grave }) => grave))) {
      const off = besidePlace(at, taken, map.getSize());
      taken.push(signBox(at.add(off)));
      signs.addLayer(signMarker(map, kind, members, off, pane));
    }
  };
}

const signBox = ({ x, y }) => ({ left: x - SIGN.width / 2, right: x + SIGN.width / 2, top: y - SIGN.height / 2, bottom: y + SIGN.height / 2 });

// From the first on, each joins the sign that it would lie on.
function signGroups(map, items) {
  const groups = [];
  for (const item of items) {
    const at = map.latLngToContainerPoint(item.bounds.getCenter());
    const near = groups.find((group) => Math.abs(group.at.x - at.x) < SIGN.width && Math.abs(group.at.y - at.y) < SIGN.height * 1.6);
    if (near) near.members.push(item);
    else groups.push({ at, members: [item] });
  }
  return groups;
}

// Beside the ground and not on it: the nearest place around it that is free, or else the one that covers least.
const SIGN_PLACES = [26, 38, 52, 68, 88, 112].flatMap((far) => [-45, 45, 135, -135, 0, 180, 90, -90].map((turn) => L.point(far * Math.cos((turn * Math.PI) / 180), far * Math.sin((turn * Math.PI) / 180) * 0.8)));

function besidePlace(at, taken, size) {
  let [best, least] = [SIGN_PLACES[0], Infinity];
  for (const place of SIGN_PLACES) {
    const box = signBox(at.add(place));
    if (!isInside(box, size)) continue;
    const hits = taken.reduce((sum, other) => sum + !apart(box, other), 0);
    if (!hits) return place;
    if (hits < least) [best, least] = [place, hits];
  }
  return best;
}

// A speck would only blacken the symbol below it; the sign stands for it.
function isSeen(map, line) {
  const bounds = line.getBounds();
  const size = map.project(bounds.getSouthEast()).subtract(map.project(bounds.getNorthWest()));
  return Math.max(size.x, size.y) >= SMALLEST_POLYGON;
}

// With a thin line to the ground that it speaks of.
function signMarker(map, kind, items, off, pane) {
  const [first] = items;
  const words = items.length > 1 ? `${kind.sign} ${items.length}` : kind.sign;
  const line = svg("svg", { width: 1, height: 1, "aria-hidden": "true" }, svg("line", { x1: 0, y1: 0, x2: off.x, y2: off.y, stroke: kind.colour, "stroke-width": 1.2 }));
  const badge = html("span", {}, words);
  Object.assign(badge.style, { left: `${off.x}px`, top: `${off.y}px` });
  const icon = L.divIcon({ className: "hz-sign", html: html("div", {}, line, badge), iconSize: [0, 0] });
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
  openPopup(map, at, html("div", { class: "hz-popup" }, html("h3", {}, item.name), html("p", {}, kind.label), html("p", {}, item.words)), 360);
}
