// Outlines, hatches and symbols of canvas.js.

// Corners on whole pixels, as Leaflet puts them; what lies far outside the view is clipped, as Leaflet does.
function outlinePath(canvas, i) {
  const { outlines: { partOf, ringOf, cornerOf, left, right, top, bottom }, view: { scale, origin, bounds } } = canvas;
  const path = new Path2D();
  const isWhole = bounds.contains(L.bounds([left[i] * scale - origin.x, top[i] * scale - origin.y], [right[i] * scale - origin.x, bottom[i] * scale - origin.y]));
  for (let ring = ringOf[partOf[i]]; ring < ringOf[partOf[i + 1]]; ring += 1) {
    if (isWhole) traceRing(canvas, path, cornerOf[ring], cornerOf[ring + 1]);
    else traceClipped(canvas, path, cornerOf[ring], cornerOf[ring + 1]);
  }
  return path;
}

function traceRing({ outlines: { xs, ys }, view: { scale, origin } }, path, from, to) {
  let [lastX, lastY] = [NaN, NaN];
  for (let k = from; k < to; k += 1) {
    const [x, y] = [Math.round(xs[k] * scale) - origin.x, Math.round(ys[k] * scale) - origin.y];
    if (x === lastX && y === lastY) continue; // the same pixel again
    if (k === from) path.moveTo(x, y);
    else path.lineTo(x, y);
    [lastX, lastY] = [x, y];
  }
  path.closePath();
}

function traceClipped({ outlines: { xs, ys }, view: { scale, origin, bounds } }, path, from, to) {
  const points = [];
  for (let k = from; k < to; k += 1) points.push(L.point(Math.round(xs[k] * scale) - origin.x, Math.round(ys[k] * scale) - origin.y));
  const kept = L.PolyUtil.clipPolygon(points, bounds, true);
  if (!kept.length) return;
  kept.forEach(({ x, y }, k) => (k ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
}

// As `size` of areas.js has it.
function weightOf(canvas, i) {
  const { record, style, chosen } = canvas.page.areas[i];
  const { zoom } = canvas.view;
  const least = zoom >= LINE_ON_TOP_FROM && record.group !== "release" ? NARROWEST - widthOf(canvas, i) * 2 ** zoom : 0;
  return Math.max(style.width, least) + (chosen ? 2.5 : 0);
}

// Mean width of the narrowest part in pixels at zoom 0, found once for each record that comes into view.
function widthOf({ outlines: { partOf, ringOf, cornerOf, xs, ys, unit }, widths }, i) {
  if (!Number.isNaN(widths[i])) return widths[i];
  const ofRing = (ring) => {
    const points = [];
    for (let k = cornerOf[ring]; k < cornerOf[ring + 1]; k += 1) points.push(L.point(xs[k] * unit, ys[k] * unit));
    return doubleAreaAndLength(points);
  };
  let least = Infinity;
  for (let part = partOf[i]; part < partOf[i + 1]; part += 1) {
    const rings = [];
    for (let ring = ringOf[part]; ring < ringOf[part + 1]; ring += 1) rings.push(ofRing(ring));
    least = Math.min(least, meanWidth(rings));
  }
  widths[i] = least;
  return least;
}

function pattern({ patterns, ratio }, style) {
  const key = `${style.key} ${ratio}`;
  if (!patterns.has(key)) patterns.set(key, makePattern(style, ratio));
  return patterns.get(key);
}

function makePattern({ spacing, fill, opacity, hatch, outline }, ratio) {
  const tile = html("canvas", { width: Math.round(spacing * ratio), height: Math.round(spacing * ratio) });
  const context = tile.getContext("2d");
  context.scale(tile.width / spacing, tile.height / spacing);
  Object.assign(context, { fillStyle: fill, globalAlpha: opacity });
  context.fillRect(0, 0, spacing, spacing);
  Object.assign(context, { strokeStyle: outline, globalAlpha: 1, lineWidth: hatchWidth(hatch) });
  context.stroke(new Path2D(HATCHES[hatch](spacing)));
  const made = context.createPattern(tile, "repeat");
  made.setTransform(new DOMMatrix([spacing / tile.width, 0, 0, spacing / tile.height, 0, 0]));
  return made;
}

function paintSymbol(canvas, context, i) {
  const { style, record, chosen } = canvas.page.areas[i];
  const { x, y } = symbolPoint(canvas, i);
  const { picture, half } = sprite(canvas, style, record.unsure, chosen);
  context.drawImage(picture, x - half, y - half, 2 * half, 2 * half);
  return 1;
}

function symbolPoint({ outlines: { left, right, top, bottom }, view: { scale, origin } }, i) {
  return L.point(Math.round(((left[i] + right[i]) / 2) * scale), Math.round(((top[i] + bottom[i]) / 2) * scale)).subtract(origin);
}

const radiusOf = (style, zoom, chosen) => symbolRadius(style, zoom) + (chosen ? 3 : 0);

// A symbol is drawn once for each zoom and copied from there.
function sprite({ sprites, view: { zoom }, ratio }, style, unsure, chosen) {
  const key = `${style.key} ${unsure} ${chosen}`;
  if (!sprites.has(key)) {
    const radius = radiusOf(style, zoom, chosen);
    const half = Math.ceil(radius * 1.2 + 3);
    const picture = html("canvas", { width: Math.ceil(2 * half * ratio), height: Math.ceil(2 * half * ratio) });
    const context = picture.getContext("2d");
    context.setTransform(picture.width / (2 * half), 0, 0, picture.height / (2 * half), picture.width / 2, picture.height / 2);
    const look = symbolOptions(style, "", unsure);
    const path = new Path2D(SHAPES[style.symbol](0, 0, radius));
    Object.assign(context, { fillStyle: look.fillColor, lineJoin: "round" });
    context.fill(path, "evenodd");
    stroke(context, path, { ...look, lineCap: "round" });
    sprites.set(key, { picture, half });
  }
  return sprites.get(key);
}
