// Where symbols would lie on each other many deep, one block says how many there are of each class: no class is merged with
// another, and none is hidden below another.

const CROWD_CELL = 64; // pixels
const CROWD_FROM = 26; // symbols in a cell; fewer can still be told apart
const CROWD_LARGEST = 32; // pixels; a larger polygon of a crowded cell is drawn all the same
const CROWD_UP_TO = 14; // zoom; closer in every record is drawn by itself
const CROWD_ROW = 14; // pixels
const CROWD_FONT = "11px";

function makeBlocks(map, data) {
  // Above all areas but the confirmed ones, which nothing covers.
  map.createPane("hz-blocks").style.zIndex = AREAS_FROM + AREAS_STEP * (data.styles.length - 1) - 1;
  const order = data.legend.map((key) => data.styles.find((style) => style.key === key));
  const group = L.layerGroup().addTo(map);
  const blocks = { group, order, all: [], on: true };
  blocks.boxes = () => blocks.all.map(({ marker, width, height }) => {
    const { x, y } = map.latLngToContainerPoint(marker.getLatLng());
    return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
  });
  return blocks;
}

// Draws the blocks, and gives the areas that are in one.
function drawBlocks(map, blocks, areas) {
  const zoom = map.getZoom();
  if (!blocks.on || zoom >= CROWD_UP_TO) return showBlocks(map, blocks, []);
  const largest = Math.log2(CROWD_LARGEST / SMALLEST_POLYGON);
  const small = areas.filter((area) => !area.chosen && zoom < area.fromZoom + largest);
  const isCrowd = ({ members }) => members.filter((area) => zoom < area.fromZoom).length >= CROWD_FROM;
  return showBlocks(map, blocks, [...cellsOf(map, small).values()].filter(isCrowd));
}

function showBlocks(map, blocks, crowds) {
  blocks.group.clearLayers();
  blocks.all = [];
  for (const crowd of crowds) {
    const block = makeBlock(map, blocks.order, crowd);
    blocks.all.push(block);
    blocks.group.addLayer(block.marker);
  }
  return crowds.flatMap(({ members }) => members);
}

// Cells of the plane of the map, not of the window: they stay where they are while it is moved.
function cellsOf(map, areas) {
  const cells = new Map();
  for (const area of areas) {
    const at = map.project(area.symbol.getLatLng());
    const corner = at.divideBy(CROWD_CELL).floor();
    const key = `${corner.x},${corner.y}`;
    if (!cells.has(key)) cells.set(key, { corner: corner.multiplyBy(CROWD_CELL), members: [], sum: L.point(0, 0) });
    const cell = cells.get(key);
    cell.members.push(area);
    cell.sum._add(at);
  }
  return cells;
}

function makeBlock(map, order, { corner, members, sum, cell = CROWD_CELL }) {
  const counts = order.map((style) => [style, members.filter((area) => area.style === style).length]).filter(([, count]) => count);
  const column = 16 + Math.max(...counts.map(([, count]) => textWidth(String(count), CROWD_FONT)));
  const columns = counts.length > 1 ? 2 : 1;
  const width = Math.ceil(columns * column + 4);
  const height = Math.ceil(counts.length / columns) * CROWD_ROW + 4;
  // In the middle of its members, as far as it stays within its cell, so that no two blocks meet.
  const within = (at, from, length) => Math.min(from + cell - length / 2 - 1, Math.max(from + length / 2 + 1, at));
  const middle = sum.divideBy(members.length);
  const at = map.unproject(L.point(within(middle.x, corner.x, width), within(middle.y, corner.y, height)));
  const icon = L.divIcon({ className: "hz-block", html: blockPicture(counts, { column, columns, width, height }), iconSize: [width, height] });
  const unsure = members.filter(({ record }) => record.unsure).length;
  const words = [...counts.map(([style, count]) => `${style.label}: ${count}`), ...(unsure ? [`side cannot be told: ${unsure}`] : [])].join("; ");
  const marker = L.marker(at, { icon, pane: "hz-blocks", keyboard: false, title: `${words}. Click to zoom in.` });
  const bounds = () => L.latLngBounds(members.flatMap(({ bounds: own }) => [own.getSouthWest(), own.getNorthEast()]));
  marker.on("click", () => map.fitBounds(bounds(), { padding: [40, 40], maxZoom: Math.max(map.getZoom() + 1, CROWD_UP_TO), animate: false }));
  return { marker, width, height };
}

function blockPicture(counts, { column, columns, width, height }) {
  const cells = counts.flatMap(([style, count], i) => {
    const [x, y] = [(i % columns) * column + 10, Math.floor(i / columns) * CROWD_ROW + CROWD_ROW / 2 + 2];
    return [blockSymbol(style, x, y), svg("text", { x: x + 7, y: y + 4, class: `hz-count-${style.group}` }, String(count))];
  });
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, svg("rect", { width, height, rx: 3 }), ...cells);
}

function blockSymbol(style, x, y) {
  const { fillColor, color } = symbolOptions(style);
  return svg("path", { d: SHAPES[style.symbol](x, y, 5), fill: fillColor, stroke: color, "stroke-width": 1, "fill-rule": "evenodd" });
}

// The same in the legend, with its own switch: whoever wants to see every symbol can.
function crowdRow(data, blocks, onChange) {
  const counts = data.legend.slice(0, 2).map((key, i) => [data.styles.find((style) => style.key === key), [12, 7][i]]);
  const sample = blockPicture(counts, { column: 30, columns: 2, width: 64, height: 18 });
  sample.setAttribute("class", "hz-swatch hz-block");
  sample.setAttribute("aria-hidden", "true");
  const words = html("span", { class: "hz-words" }, html("span", {}, "Many areas close together"), html("small", {}, "How many of each class are at this place. Zoom in to see each."));
  const box = html("input", { type: "checkbox" });
  box.checked = blocks.on;
  box.addEventListener("change", () => { blocks.on = box.checked; onChange(); });
  const row = legendRow(html("label", {}, box, sample, words));
  row.id = "hz-crowd-row";
  row.hidden = true;
  return row;
}
