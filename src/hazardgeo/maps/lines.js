// Borders with the band in which they may lie, the overview base, the graticule and the scale bar.

const METRES_PER_PIXEL_AT_0 = 40075016.686 / 256;
const LINE_ON_TOP_FROM = 11; // zoom from which on the border lies on the areas instead of under them
const BASE_TOO_COARSE = 10.5; // zoom from which on the lines of the overview base would mislead

function drawBase(map, base, palette) {
  const pane = map.createPane("hz-base");
  pane.style.zIndex = 200;
  map.getContainer().style.background = base ? palette.beyond : palette.land; // beyond the base there is no land to be shown
  if (!base) return;
  L.rectangle(base.sea, { pane: "hz-base", interactive: false, stroke: false, fillColor: palette.sea, fillOpacity: 1 }).addTo(map);
  for (const country of base.countries) {
    L.polygon(country.parts, {
      pane: "hz-base", interactive: false, className: "hz-land", color: palette.edge, weight: 0.8, fillColor: palette.land, fillOpacity: 1, smoothFactor: 0.7,
    }).addTo(map);
  }
  const fade = () => pane.classList.toggle("hz-coarse", map.getZoom() >= BASE_TOO_COARSE);
  map.on("zoomend", fade);
  fade();
}

function drawBorder(map, version, place, styles) {
  const group = L.layerGroup();
  const pane = bandPane(map, place);
  const bands = [];
  const casing = version.shown ? [{ color: "#fff", weight: 5, opacity: 0.85, pane: "hz-casing" }] : [];
  for (const line of version.lines) {
    const style = styles[line.status];
    const muted = line.asked ? { weight: style.width } : { weight: style.width * 0.5, opacity: 0.55 };
    const strokes = [...(line.asked ? casing : []), { color: version.colour, dashArray: style.dash || null, pane: "hz-borders", ...muted }];
    for (const stroke of strokes) {
      group.addLayer(L.polyline(line.paths, { interactive: false, smoothFactor: 0, lineCap: "butt", className: "hz-border", ...stroke }));
    }
    if (line.offset && line.asked) bands.push(...line.paths.map((path) => makeBand(group, path, line.offset, version.colour, pane)));
  }
  const widen = () => bands.forEach((band) => widenBand(map, band));
  map.on("zoomend", widen);
  group.on("add", widen);
  return group;
}

// One pane a version, transparent as a whole: bands of one version do not add up where its lines meet.
function bandPane(map, place) {
  const name = `hz-bands-${place}`;
  const pane = map.createPane(name);
  Object.assign(pane.style, { zIndex: 250 + place, opacity: 0.16, pointerEvents: "none" });
  return name;
}

function makeBand(group, path, offset, color, pane) {
  const layer = L.polyline(path, { pane, interactive: false, noClip: true, smoothFactor: 0, color, opacity: 1, className: "hz-band" });
  const latitude = Math.max(...path.map(([lat]) => Math.abs(lat)));
  return { group, layer, metres: 2 * offset, latitude };
}

// The stroke is as wide as the band on the ground; taken at the line's highest latitude, so never too narrow.
function widenBand(map, band) {
  const pixel = (METRES_PER_PIXEL_AT_0 * Math.cos((band.latitude * Math.PI) / 180)) / 2 ** map.getZoom();
  const weight = band.metres / pixel;
  if (weight < 4) return void band.group.removeLayer(band.layer);
  band.layer.setStyle({ weight });
  band.group.addLayer(band.layer);
}

function makeLinePanes(map) {
  for (const [name, z] of [["hz-graticule", 240], ["hz-casing", 403], ["hz-borders", 404], ["hz-names", 406]]) {
    const pane = map.createPane(name);
    pane.style.zIndex = z;
    pane.style.pointerEvents = "none";
  }
}

// Close up the line lies on the areas, so that one sees where it crosses them; under the symbols of the highest class
// even then. Its casing lets the area below shine through: a strip along the line stays in sight.
function keepLineInSight(map, styles) {
  const [casing, line] = ["hz-casing", "hz-borders"].map((name) => map.getPane(name).style);
  const above = AREAS_FROM + AREAS_STEP * (styles.length - 1) + 1;
  const apply = () => {
    const close = map.getZoom() >= LINE_ON_TOP_FROM;
    [casing.zIndex, line.zIndex] = close ? [above, above + 1] : [403, 404];
    casing.opacity = close ? 0.5 : 1;
  };
  map.on("zoomend", apply);
  apply();
}

const GRATICULE_STEPS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];
const GRATICULE_APART = 110; // pixels, so that the degrees along the upper edge stay apart

function graticuleStep(pixelsPerDegree) {
  return GRATICULE_STEPS.find((step) => step * pixelsPerDegree >= GRATICULE_APART) ?? 30;
}

function degrees(value, step, [positive, negative]) {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return `${Math.abs(value).toFixed(decimals)}° ${value < 0 ? negative : positive}`;
}

function gridValues(from, to, step) {
  const values = [];
  for (let i = Math.ceil(from / step); i * step <= to; i += 1) values.push(i * step);
  return values;
}

function drawGraticule(map, group) {
  group.clearLayers();
  const view = map.getBounds();
  const step = graticuleStep(map.getSize().x / (view.getEast() - view.getWest()));
  const line = (ends) => group.addLayer(L.polyline(ends, { pane: "hz-graticule", interactive: false, color: "#7d8b94", weight: 0.6, opacity: 0.45 }));
  const size = map.getSize();
  const label = (at, text, kind) => {
    const { x, y } = map.latLngToContainerPoint(at);
    const fits = kind === "lat" ? y > 40 && y < size.y - 34 : x > 52 && x < size.x - 60;
    if (fits) group.addLayer(textMarker(at, text, `hz-degrees hz-degrees-${kind}`));
  };
  for (const lat of gridValues(view.getSouth(), view.getNorth(), step)) {
    line([[lat, view.getWest()], [lat, view.getEast()]]);
    label([lat, view.getEast()], degrees(lat, step, ["N", "S"]), "lat");
  }
  for (const lon of gridValues(view.getWest(), view.getEast(), step)) {
    line([[view.getSouth(), lon], [view.getNorth(), lon]]);
    label([view.getNorth(), lon], degrees(lon, step, ["E", "W"]), "lon");
  }
}

function textMarker(at, text, className) {
  const icon = L.divIcon({ className, html: html("span", {}, text), iconSize: [0, 0] });
  return L.marker(at, { icon, pane: "hz-names", interactive: false, keyboard: false });
}

// Kilometres and miles; Leaflet's own bar turns to feet, and a distance on the ground is asked for in neither.
const GroundScale = L.Control.Scale.extend({
  onAdd(map) {
    const container = L.Control.Scale.prototype.onAdd.call(this, map);
    container.append(html("div", { class: "hz-scale-note" }, "true at the centre of the map"));
    return container;
  },
  _updateImperial(maxMetres) {
    const most = maxMetres / 1609.344;
    const power = 10 ** Math.floor(Math.log10(most));
    const nice = [5, 2, 1].find((digit) => digit * power <= most) * power;
    this._updateScale(this._iScale, `${Number(nice.toPrecision(1))} mi`, nice / most);
  },
});
