// What lies below the pointer, and what names must keep off.

const MOST_BOXES = 2000; // obstacles for names; of more than that their cells are taken
const BOX_CELL = 16; // pixels

// Clicks and the pointer's shape: the topmost area whose drawing lies below the pointer.
function listen(canvas) {
  const { map, page } = canvas;
  const container = map.getContainer();
  const isOurs = ({ originalEvent: { target } }) => !container.classList.contains("hz-measuring") && !target.closest(".leaflet-interactive, .leaflet-control, .leaflet-popup");
  map.on("click", (event) => {
    const area = isOurs(event) ? areaAt(canvas, event.layerPoint) : null;
    if (area) select(page, area, event.latlng);
  });
  map.on("mousemove", (event) => {
    container.style.cursor = isOurs(event) && areaAt(canvas, event.layerPoint) ? "pointer" : "";
  });
  // While it is dragged beyond what is drawn, the map is drawn anew: no strip of it is left blank.
  map.on("move", () => {
    const [corner, size] = [map.containerPointToLayerPoint([0, 0]), map.getSize()];
    if (!map._animatingZoom && canvas.view && !canvas.surfaces[0]._bounds.contains(L.bounds(corner, corner.add(size)))) requestAnimationFrame(() => follow(canvas));
  });
}

const probe = document.createElement("canvas").getContext("2d");

function areaAt(canvas, { x, y }) {
  const { lists, page: { areas } } = canvas;
  for (let s = lists.length - 1; s >= 0; s -= 1) {
    const { symbols, polygons } = lists[s];
    for (let k = symbols.length - 1; k >= 0; k -= 1) if (isOnSymbol(canvas, symbols[k], x, y)) return areas[symbols[k]];
    for (let k = polygons.length - 1; k >= 0; k -= 1) if (isOnPolygon(canvas, polygons[k], x, y)) return areas[polygons[k]];
  }
  return null;
}

function isOnSymbol(canvas, i, x, y) {
  const at = symbolPoint(canvas, i);
  const { style, chosen } = canvas.page.areas[i];
  const radius = radiusOf(style, canvas.view.zoom, chosen);
  if (Math.abs(at.x - x) > 2 * radius || Math.abs(at.y - y) > 2 * radius) return false;
  return isOn(new Path2D(SHAPES[style.symbol](at.x, at.y, radius)), x, y, 1.8);
}

function isOnPolygon(canvas, i, x, y) {
  const { outlines: { left, right, top, bottom }, view: { scale, origin } } = canvas;
  const [worldX, worldY] = [(x + origin.x) / scale, (y + origin.y) / scale];
  const reach = 8 / scale;
  if (worldX < left[i] - reach || worldX > right[i] + reach || worldY < top[i] - reach || worldY > bottom[i] + reach) return false;
  return isOn(outlinePath(canvas, i), x, y, weightOf(canvas, i));
}

function isOn(path, x, y, weight) {
  probe.lineWidth = weight;
  return probe.isPointInPath(path, x, y, "evenodd") || probe.isPointInStroke(path, x, y);
}

// Where names must not stand, as boxes; of very many symbols the cells that they lie in, so that names are still placed quickly.
function canvasObstacles(canvas) {
  const { lists, map, page: { blocks }, outlines: { left, right, top, bottom }, view: { scale, origin, zoom } } = canvas;
  const off = map.layerPointToContainerPoint([0, 0]);
  const boxes = [];
  for (const { polygons, symbols } of lists) {
    for (const i of symbols) boxes.push(boxAround(symbolPoint(canvas, i).add(off), radiusOf(canvas.page.areas[i].style, zoom, false) + 2));
    for (const i of polygons) {
      boxes.push({ left: left[i] * scale - origin.x + off.x, right: right[i] * scale - origin.x + off.x, top: top[i] * scale - origin.y + off.y, bottom: bottom[i] * scale - origin.y + off.y });
    }
  }
  return [...blocks.boxes(), ...(boxes.length > MOST_BOXES ? cellsTaken(boxes, map.getSize()) : boxes)];
}

function cellsTaken(boxes, size) {
  const columns = Math.ceil(size.x / BOX_CELL);
  const rows = Math.ceil(size.y / BOX_CELL);
  const taken = new Uint8Array(columns * rows);
  for (const { left, top, right, bottom } of boxes) {
    for (let row = Math.max(0, Math.floor(top / BOX_CELL)); row < rows && row * BOX_CELL <= bottom; row += 1) {
      for (let column = Math.max(0, Math.floor(left / BOX_CELL)); column < columns && column * BOX_CELL <= right; column += 1) taken[row * columns + column] = 1;
    }
  }
  return runsOf(taken, columns);
}

// Cells side by side make one box.
function runsOf(taken, columns) {
  const runs = [];
  for (let i = 0; i < taken.length; i += 1) {
    if (!taken[i]) continue;
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const last = runs[runs.length - 1];
    if (column && last?.row === row && last.right === column * BOX_CELL) last.right += BOX_CELL;
    else runs.push({ row, left: column * BOX_CELL, right: (column + 1) * BOX_CELL, top: row * BOX_CELL, bottom: (row + 1) * BOX_CELL });
  }
  return runs;
}
