// Areas of a large page on canvas: what areas.js draws in SVG, with the same fills, hatches, edges, symbols, sizes and order.
// An area is an object of the same properties, so that popups, table, search and switches do not know the difference.

const MANY = 5000; // records; with more a block may have to hold numbers of five digits, and needs a larger cell
const LARGE_CELL = 116; // pixels
const PAPER_RATIO = 3; // pixels of the canvas for one of the page: on paper its lines stay sharp

class CanvasArea {
  constructor(canvas, record, style, place) {
    Object.assign(this, { canvas, record, style, place, chosen: false });
  }
  get size() {
    const { left, top, right, bottom } = this.canvas.outlines;
    return Math.max(right[this.place] - left[this.place], bottom[this.place] - top[this.place]) * this.canvas.outlines.unit;
  }
  get fromZoom() { return Math.log2(SMALLEST_POLYGON / Math.max(this.size, 1e-12)); }
  get bounds() {
    const { left, top, right, bottom, unit } = this.canvas.outlines;
    const corner = (x, y) => this.canvas.map.unproject(L.point(x[this.place] * unit, y[this.place] * unit), 0);
    return L.latLngBounds(corner(left, bottom), corner(right, top));
  }
}

// Canvas in a pane. Leaflet moves and scales it while the map is moved; what is on it comes from `follow`.
const Surface = L.Renderer.extend({
  _initContainer() {
    this._container = html("canvas", { class: "hz-canvas" });
    this._container.style.pointerEvents = "none";
  },
  _update() { this.options.follow(); },
  place(ratio) {
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    Object.assign(this._container, { width: Math.round(size.x * ratio), height: Math.round(size.y * ratio) });
    Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this.context = this._container.getContext("2d");
    this.context.setTransform(ratio, 0, 0, ratio, -this._bounds.min.x * ratio, -this._bounds.min.y * ratio);
    Object.assign(this.context, { lineJoin: "round", lineCap: "round" });
  },
});

function drawOnCanvas(page) {
  const { map, data } = page;
  const canvas = { page, map, outlines: data.outlines, shown: new Uint8Array(data.records.length), inBlock: new Uint8Array(data.records.length), round: 0, key: "" };
  const styles = Object.fromEntries(data.styles.map((style, i) => [style.key, { style, i }]));
  canvas.styleOf = new Uint8Array(data.records.length);
  page.areas = data.records.map((record, place) => {
    const { style, i } = styles[record.style];
    canvas.styleOf[place] = i;
    return new CanvasArea(canvas, record, style, place);
  });
  page.drawn = page.areas.filter(({ place }) => hasOutline(data.outlines, place));
  findKinds(canvas);
  canvas.widths = new Float32Array(data.records.length).fill(NaN);
  page.canvas = canvas;
  makeSurfaces(canvas, () => follow(canvas));
  listen(canvas);
}

// Records that no switch tells apart are of one kind; each is known by its first record.
function findKinds(canvas) {
  const known = new Map();
  canvas.kindOf = new Uint32Array(canvas.page.areas.length);
  canvas.kinds = [];
  for (const { record, place } of canvas.page.areas) {
    const key = `${record.style}\n${record.country}\n${record.register}`;
    if (!known.has(key)) known.set(key, canvas.kinds.push(place) - 1);
    canvas.kindOf[place] = known.get(key);
  }
}

const hasOutline = ({ partOf }, place) => partOf[place] < partOf[place + 1];

// Between the lower classes nothing else is drawn; the blocks lie above them, and close up the line between the polygons and
// the symbols of the highest class.
function makeSurfaces(canvas, onFollow) {
  const { map, page: { data: { styles } } } = canvas;
  const highest = styles[styles.length - 1].key;
  const panes = [`hz-areas-${styles[0].key}`, `hz-areas-${highest}`, `hz-symbols-${highest}`];
  canvas.surfaces = panes.map((pane) => new Surface({ pane, follow: onFollow }));
  for (const surface of canvas.surfaces) surface.addTo(map);
  canvas.ready = true;
}

// Draws anew where the view, the paper or what is shown has changed.
function follow(canvas) {
  const { map, surfaces } = canvas;
  if (!canvas.ready || map._animatingZoom) return;
  const ratio = document.documentElement.classList.contains("hz-paper") ? Math.max(PAPER_RATIO, devicePixelRatio) : devicePixelRatio;
  const { lat, lng } = map.getCenter();
  const key = [lat, lng, map.getZoom(), map.getSize(), ratio, canvas.round].join();
  if (key === canvas.key) return;
  Object.assign(canvas, { key, ratio });
  for (const surface of surfaces) surface.place(ratio);
  setView(canvas);
  crowd(canvas);
  paint(canvas);
}

function setView(canvas) {
  const { map, outlines, surfaces: [{ _bounds }] } = canvas;
  const zoom = map.getZoom();
  const origin = map.getPixelOrigin();
  const scale = outlines.unit * 2 ** zoom;
  const margin = L.point(20, 20);
  canvas.view = { zoom, origin, scale, bounds: L.bounds(_bounds.min.subtract(margin), _bounds.max.add(margin)) };
  canvas.sprites = new Map();
  canvas.patterns ??= new Map();
}

// What `drawAtScale` does on a small page.
function refresh(canvas) {
  const { page: { areas, switches }, outlines, shown, kindOf } = canvas;
  const isShown = canvas.kinds.map((place) => (switches.isShown(areas[place].record) ? 1 : 0));
  for (let i = 0; i < areas.length; i += 1) shown[i] = hasOutline(outlines, i) ? isShown[kindOf[i]] : 0;
  canvas.round += 1;
  follow(canvas);
}

// Cells of the plane of the map that are in view and hold many small areas, as `cellsOf` of crowding.js finds them.
function crowd(canvas) {
  const { page: { areas, blocks }, map, outlines: { left, right, top, bottom }, view: { zoom, origin, scale, bounds } } = canvas;
  canvas.inBlock.fill(0);
  const cell = areas.length > MANY ? LARGE_CELL : CROWD_CELL;
  const least = CROWD_FROM * (cell / CROWD_CELL) ** 2;
  const from = bounds.min.add(origin).divideBy(cell).floor();
  const to = bounds.max.add(origin).divideBy(cell).floor();
  const columns = to.x - from.x + 1;
  const cells = new Map();
  const isOn = blocks.on && zoom < CROWD_UP_TO;
  for (let i = 0; isOn && i < areas.length; i += 1) {
    const size = Math.max(right[i] - left[i], bottom[i] - top[i]) * scale;
    if (!canvas.shown[i] || size >= CROWD_LARGEST || areas[i].chosen) continue;
    const [x, y] = [((left[i] + right[i]) / 2) * scale, ((top[i] + bottom[i]) / 2) * scale];
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
    if (column < from.x || column > to.x || row < from.y || row > to.y) continue;
    const key = (row - from.y) * columns + column - from.x;
    if (!cells.has(key)) cells.set(key, { corner: L.point(column, row).multiplyBy(cell), members: [], sum: L.point(0, 0), small: 0, cell });
    const own = cells.get(key);
    own.members.push(areas[i]);
    own.sum.x += x;
    own.sum.y += y;
    own.small += size < SMALLEST_POLYGON;
  }
  const crowds = [...cells.values()].filter(({ small }) => small >= least);
  for (const { members } of crowds) for (const { place } of members) canvas.inBlock[place] = 1;
  showBlocks(map, blocks, crowds);
}

// Each record is counted by what becomes of it, so that a test can tell that none is missing.
function paint(canvas) {
  const { page: { data: { styles } }, outlines, shown, inBlock, styleOf, view, surfaces } = canvas;
  const { left, right, top, bottom, count } = outlines;
  const { scale, origin, bounds: { min, max } } = view;
  const counts = { polygons: 0, symbols: 0, blocks: 0, outside: 0, off: 0, undrawn: 0 };
  const lists = styles.map(() => ({ polygons: [], symbols: [] }));
  for (let i = 0; i < count; i += 1) {
    if (!hasOutline(outlines, i)) counts.undrawn += 1;
    else if (!shown[i]) counts.off += 1;
    else if (inBlock[i]) counts.blocks += 1;
    else if (right[i] * scale - origin.x < min.x || left[i] * scale - origin.x > max.x || bottom[i] * scale - origin.y < min.y || top[i] * scale - origin.y > max.y) counts.outside += 1;
    else lists[styleOf[i]][Math.max(right[i] - left[i], bottom[i] - top[i]) * scale >= SMALLEST_POLYGON ? "polygons" : "symbols"].push(i);
  }
  lists.forEach(({ polygons, symbols }, s) => {
    const isHighest = s === styles.length - 1;
    for (const i of polygons) counts.polygons += paintPolygon(canvas, surfaces[isHighest ? 1 : 0].context, i);
    for (const i of symbols) counts.symbols += paintSymbol(canvas, surfaces[isHighest ? 2 : 0].context, i);
  });
  Object.assign(canvas, { lists, counts });
}

function paintPolygon(canvas, context, i) {
  const { style, record } = canvas.page.areas[i];
  const path = outlinePath(canvas, i);
  if (record.unsure) stroke(context, path, { ...unsureEdge(style), lineCap: "butt" });
  context.fillStyle = pattern(canvas, style);
  context.fill(path, "evenodd");
  stroke(context, path, { color: style.outline, weight: weightOf(canvas, i), dashArray: style.dash, lineCap: "round" });
  return 1;
}

function stroke(context, path, { color, weight, dashArray, lineCap }) {
  Object.assign(context, { strokeStyle: color, lineWidth: weight, lineCap });
  context.setLineDash(dashArray ? dashArray.split(" ").map(Number) : []);
  context.stroke(path);
}
