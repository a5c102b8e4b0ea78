// Areas: hatched polygons where the scale shows them, symbols where it does not. Every record is one or the other.

const SMALLEST_POLYGON = 14; // pixels
const NARROWEST = 7; // pixels; wider than the casing of the border, so that no strip along it is lost below it

// Radius of a symbol in pixels: small at the scale of a country, so that more of them can be seen, and growing from there.
// The lower of two classes is drawn a little larger: it shows behind the higher one.
const SYMBOL_SIZES = { diamond: 1.15, triangle: 0.9 };
const symbolRadius = (style, zoom) => Math.min(7.5, Math.max(4.6, 4.6 + 0.8 * (zoom - 7.5))) * (SYMBOL_SIZES[style.symbol] ?? 1);

const HATCHES = {
  down: (s) => `M${-s / 4},${-s / 4}L${s * 1.25},${s * 1.25}M${s * 0.75},${-s / 4}L${s * 1.25},${s / 4}M${-s / 4},${s * 0.75}L${s / 4},${s * 1.25}`,
  up: (s) => `M${-s / 4},${s * 1.25}L${s * 1.25},${-s / 4}M${-s / 4},${s / 4}L${s / 4},${-s / 4}M${s * 0.75},${s * 1.25}L${s * 1.25},${s * 0.75}`,
  cross: (s) => HATCHES.down(s) + HATCHES.up(s),
  horizontal: (s) => `M0,${s / 2}H${s}`,
  vertical: (s) => `M${s / 2},0V${s}`,
  dots: (s) => `M${s / 2 - 0.9},${s / 2}h1.8`,
  none: () => "M0,0",
};

const hatchWidth = (hatch) => (hatch === "dots" ? 1.8 : 1.1);

const polygonPath = (corners) => `M${corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`;
const boxPath = (x, y, r) => polygonPath([[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]]);

const SHAPES = {
  triangle: (x, y, r) => polygonPath([[x, y - r * 1.1], [x + r * 1.1, y + r * 0.8], [x - r * 1.1, y + r * 0.8]]),
  diamond: (x, y, r) => polygonPath([[x, y - r * 1.1], [x + r * 1.1, y], [x, y + r * 1.1], [x - r * 1.1, y]]),
  circle: (x, y, r) => `M${x - r * 0.9},${y}a${r * 0.9},${r * 0.9} 0 1,0 ${r * 1.8},0a${r * 0.9},${r * 0.9} 0 1,0 ${-r * 1.8},0Z`,
  hexagon: (x, y, r) => polygonPath([0, 1, 2, 3, 4, 5].map((i) => [x + r * 0.85 * Math.sin((i * Math.PI) / 3), y - r * 0.85 * Math.cos((i * Math.PI) / 3)])),
  square: (x, y, r) => boxPath(x, y, r * 0.7),
  "square-ring": (x, y, r) => boxPath(x, y, r * 0.7) + boxPath(x, y, r * 0.25),
  "square-hollow": (x, y, r) => boxPath(x, y, r * 0.7),
};
const HOLLOW = new Set(["square-hollow", "hexagon"]);

const AreaSymbol = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    this._renderer._setPath(this, this._empty() ? "M0 0" : SHAPES[this.options.shape](x, y, this._radius));
  },
});

// Below its outline and wider, so that both are seen.
function unsureEdge(style, pane) {
  return { pane, interactive: false, className: "hz-unsure", color: UNSURE, weight: style.width + 5, dashArray: "2 5", lineCap: "butt", fill: false, smoothFactor: 0 };
}

function hatchPattern(style) {
  const s = style.spacing;
  return svg(
    "pattern",
    { id: `hz-hatch-${style.key}`, width: s, height: s, patternUnits: "userSpaceOnUse" },
    svg("rect", { width: s, height: s, fill: style.fill, "fill-opacity": style.opacity }),
    svg("path", { d: HATCHES[style.hatch](s), stroke: style.outline, "stroke-width": hatchWidth(style.hatch), fill: "none" }),
  );
}

function addHatches(styles) {
  const defs = svg("defs", {}, ...styles.map(hatchPattern));
  document.body.append(svg("svg", { class: "hz-hatches", width: 0, height: 0, "aria-hidden": "true" }, defs));
}

function polygonOptions(style, pane) {
  return {
    pane,
    className: `hz-area hz-${style.key}`,
    color: style.outline,
    weight: style.width,
    dashArray: style.dash || null,
    fillColor: `url(#hz-hatch-${style.key})`,
    fillOpacity: 1,
    fillRule: "evenodd",
    smoothFactor: 0,
  };
}

const UNSURE = "#000"; // the edge of an area of which it cannot be told on which side it lies

// The class colour at full strength, in the dark edge of its class: the pale ones would be lost on pale land.
function symbolOptions(style, pane, unsure = false) {
  return {
    pane,
    className: `hz-symbol hz-${style.key}`,
    shape: style.symbol,
    color: unsure ? UNSURE : style.outline,
    weight: unsure ? 1.9 : HOLLOW.has(style.symbol) ? 1.6 : 0.8,
    fillColor: HOLLOW.has(style.symbol) ? "#fff" : style.fill,
    fillOpacity: 1,
    fillRule: "evenodd",
  };
}

const AREAS_FROM = 410;
const AREAS_STEP = 4; // room for the border between the polygons of the highest class and its symbols

// In the order of the style table, polygon and symbol of a class together: not even the symbol of a lesser class lies
// on the polygon of a higher one, and borders and names lie below them all.
function makePanes(map, styles) {
  styles.forEach((style, place) => {
    map.createPane(`hz-areas-${style.key}`).style.zIndex = AREAS_FROM + AREAS_STEP * place;
    map.createPane(`hz-symbols-${style.key}`).style.zIndex = AREAS_FROM + AREAS_STEP * (place + 1) - 1;
  });
}

// Corners come as whole numbers of the seventh decimal, each as the step from the one before.
function unpacked(ring) {
  const path = [];
  let [lat, lon] = [0, 0];
  for (let i = 0; i < ring.length; i += 2) {
    lat += ring[i];
    lon += ring[i + 1];
    path.push([lat / 1e7, lon / 1e7]);
  }
  return path;
}

// Zoom from which on the polygon is at least SMALLEST_POLYGON wide or high.
function polygonZoom(map, bounds) {
  const size = map.project(bounds.getSouthEast(), 0).subtract(map.project(bounds.getNorthWest(), 0));
  return Math.log2(SMALLEST_POLYGON / Math.max(size.x, size.y, 1e-12));
}

// Mean width of the narrowest part, 2 · area / perimeter, in pixels at zoom 0; a shell counts for its part, a hole against.
function narrowest(map, parts) {
  return Math.min(...parts.map((rings) => meanWidth(rings.map((ring) => doubleAreaAndLength(ring.map((corner) => map.project(corner, 0)))))));
}

// Of a part whose rings are measured, shell first.
function meanWidth(rings) {
  const area = rings.reduce((sum, [own], i) => sum + (i ? -own : own), 0);
  return area / Math.max(rings.reduce((sum, [, own]) => sum + own, 0), 1e-12);
}

function doubleAreaAndLength(points) {
  let [area, length] = [0, 0];
  points.forEach((point, i) => {
    const next = points[(i + 1) % points.length];
    area += point.x * next.y - next.x * point.y;
    length += point.distanceTo(next);
  });
  return [Math.abs(area), length];
}

function makeArea(map, record, style, onSelect) {
  const pane = `hz-areas-${style.key}`;
  const parts = record.parts.map((rings) => rings.map(unpacked));
  const polygon = L.polygon(parts, polygonOptions(style, pane));
  const bounds = polygon.getBounds();
  const symbol = new AreaSymbol(bounds.getCenter(), symbolOptions(style, `hz-symbols-${style.key}`, record.unsure));
  for (const shape of [polygon, symbol]) shape.on("click", (event) => onSelect(area, event.latlng));
  const edge = record.unsure ? L.polygon(parts, unsureEdge(style, pane)) : null;
  const whole = edge ? L.layerGroup([edge, polygon]) : polygon;
  const area = { record, style, polygon, edge, whole, symbol, bounds, fromZoom: polygonZoom(map, bounds), width: narrowest(map, parts), drawn: null, chosen: false };
  return area;
}

// Where the line lies on the areas, a strip that is narrower than the line is drawn too wide rather than lost below it;
// released land is not: it is never drawn too large.
function size(map, { record, symbol, polygon, edge, style, width, chosen }) {
  const zoom = map.getZoom();
  const least = zoom >= LINE_ON_TOP_FROM && record.group !== "release" ? NARROWEST - width * 2 ** zoom : 0;
  const weight = Math.max(style.width, least) + (chosen ? 2.5 : 0);
  polygon.setStyle({ weight });
  edge?.setStyle({ weight: weight + 5 });
  symbol.setRadius(symbolRadius(style, zoom) + (record.unsure ? 0.8 : 0) + (chosen ? 3 : 0));
}

// Each record that is not switched off is drawn: as its polygon, as its symbol, or in a block that counts it.
function drawAtScale({ map, drawn, groups, switches, blocks, canvas }) {
  if (canvas) return void refresh(canvas);
  const zoom = map.getZoom();
  const shown = drawn.filter(({ record }) => switches.isShown(record));
  const counted = drawBlocks(map, blocks, shown);
  const wanted = new Map(shown.map((area) => [area, zoom >= area.fromZoom ? area.whole : area.symbol]));
  for (const area of counted) wanted.delete(area);
  for (const area of drawn) {
    const shape = wanted.get(area) ?? null;
    if (shape) size(map, area);
    if (shape === area.drawn) continue;
    if (area.drawn) groups[area.style.key].removeLayer(area.drawn);
    if (shape) groups[area.style.key].addLayer(shape);
    area.drawn = shape;
  }
}

// Where names must not stand: every symbol that is shown, and every polygon that a name would cover.
function obstacles({ map, drawn, blocks, canvas }) {
  if (canvas) return canvasObstacles(canvas);
  const boxes = blocks.boxes();
  for (const area of drawn) {
    if (!area.drawn) continue;
    if (area.drawn === area.symbol) {
      boxes.push(boxAround(map.latLngToContainerPoint(area.symbol.getLatLng()), area.symbol.getRadius() + 2));
    } else {
      const [from, to] = [area.bounds.getNorthWest(), area.bounds.getSouthEast()].map((at) => map.latLngToContainerPoint(at));
      boxes.push({ left: from.x, top: from.y, right: to.x, bottom: to.y });
    }
  }
  return boxes;
}

const boxAround = ({ x, y }, r) => ({ left: x - r, top: y - r, right: x + r, bottom: y + r });
