// Names of countries and places, put where they cover no symbol. A name that finds no room is left out, never a hazard.

const COUNTRY_FONT = "13px";
const PLACE_FONT = "12px";
const COUNTRY_NAMES_UP_TO = 11; // zoom; closer in, the overview base cannot say which side ground lies on

const measuring = document.createElement("canvas").getContext("2d");

function textWidth(text, size, spacing = 0) {
  measuring.font = `${size} "Segoe UI", "Noto Sans", Arial, sans-serif`;
  return measuring.measureText(text).width * 1.05 + spacing * text.length;
}

const apart = (a, b) => a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;
const isFree = (box, taken) => taken.every((other) => apart(box, other));
const isInside = (box, size) => box.left >= 4 && box.top >= 4 && box.right <= size.x - 4 && box.bottom <= size.y - 4;

function contains(ring, lat, lon) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [latI, lonI] = ring[i];
    const [latJ, lonJ] = ring[j];
    if (latI > lat !== latJ > lat && lon < ((lonJ - lonI) * (lat - latI)) / (latJ - latI) + lonI) inside = !inside;
  }
  return inside;
}

function indexCountries(base) {
  return base.countries.map(({ name, parts }) => ({
    name,
    parts: parts.map((rings) => ({ rings, bounds: L.latLngBounds(rings[0]) })),
  }));
}

function isIn(country, at) {
  return country.parts.some(
    ({ rings, bounds }) => bounds.contains(at) && rings.reduce((inside, ring) => inside !== contains(ring, at.lat, at.lng), false),
  );
}

function nameLines(name) {
  const upper = name.toUpperCase();
  const middle = upper.length / 2;
  const spaces = [...upper.matchAll(/ /g)].map((found) => found.index);
  if (upper.length < 14 || !spaces.length) return [[upper]];
  const cut = spaces.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best));
  return [[upper], [upper.slice(0, cut), upper.slice(cut + 1)]];
}

function nameBox(point, lines) {
  const half = Math.max(...lines.map((line) => textWidth(line, COUNTRY_FONT, 2.2))) / 2;
  const height = 9 * lines.length;
  return { left: point.x - half, right: point.x + half, top: point.y - height, bottom: point.y + height };
}

function corners(box) {
  return [[box.left, box.top], [box.right, box.top], [box.left, box.bottom], [box.right, box.bottom]].map(([x, y]) => L.point(x, y));
}

// Among the points of a grid that lie in the country and leave room for its name, the one nearest to their middle.
function countrySpot(map, country, taken, size) {
  const grid = [];
  for (let x = 30; x < size.x; x += 36) for (let y = 24; y < size.y; y += 26) grid.push(L.point(x, y));
  const within = (point) => isIn(country, map.containerPointToLatLng(point));
  const own = grid.filter(within);
  if (!own.length) return null;
  const middle = own.reduce((sum, point) => sum.add(point), L.point(0, 0)).divideBy(own.length);
  own.sort((a, b) => a.distanceTo(middle) - b.distanceTo(middle));
  for (const lines of nameLines(country.name)) {
    for (const point of own) {
      const box = nameBox(point, lines);
      if (isInside(box, size) && isFree(box, taken) && corners(box).every(within)) return { point, lines, box };
    }
  }
  return null;
}

function countryNames(map, countries, taken, group) {
  if (map.getZoom() > COUNTRY_NAMES_UP_TO) return;
  for (const country of countries) {
    const spot = countrySpot(map, country, taken, map.getSize());
    if (!spot) continue;
    taken.push(spot.box);
    group.addLayer(textMarker(map.containerPointToLatLng(spot.point), spot.lines.join("\n"), "hz-country"));
  }
}

const PLACE_SIDES = [
  ["right", (p, w) => ({ left: p.x - 4, right: p.x + 8 + w, top: p.y - 9, bottom: p.y + 9 })],
  ["left", (p, w) => ({ left: p.x - 8 - w, right: p.x + 4, top: p.y - 9, bottom: p.y + 9 })],
  ["above", (p, w) => ({ left: p.x - w / 2, right: p.x + w / 2, top: p.y - 24, bottom: p.y + 4 })],
  ["below", (p, w) => ({ left: p.x - w / 2, right: p.x + w / 2, top: p.y - 4, bottom: p.y + 24 })],
];

function placeNames(map, places, taken, group) {
  const size = map.getSize();
  let room = Math.round((size.x * size.y) / 22000);
  for (const place of places) {
    if (room <= 0) return;
    const point = map.latLngToContainerPoint(place.at);
    const width = textWidth(place.name, PLACE_FONT);
    const found = PLACE_SIDES.map(([side, boxOf]) => [side, boxOf(point, width)]).find(
      ([, box]) => isInside(box, size) && isFree(box, taken),
    );
    if (!found) continue;
    taken.push(found[1]);
    room -= 1;
    group.addLayer(textMarker(place.at, place.name, `hz-place hz-place-${found[0]}`));
  }
}

// What stands on the map itself: buttons, scale bar, read-out, and the degrees along two edges.
function controlBoxes(map) {
  const frame = map.getContainer().getBoundingClientRect();
  const size = map.getSize();
  const controls = [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
    const { left, top, right, bottom } = control.getBoundingClientRect();
    return { left: left - frame.left - 6, top: top - frame.top - 6, right: right - frame.left + 6, bottom: bottom - frame.top + 6 };
  });
  return [...controls, { left: size.x - 56, top: 0, right: size.x, bottom: size.y }, { left: 0, top: 0, right: size.x, bottom: 22 }];
}
