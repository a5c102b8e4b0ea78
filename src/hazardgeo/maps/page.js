// The page: makes the map, draws the data from the bottom up, and ties map, legend and table together.

const FIT = { padding: [28, 28], maxZoom: 16, animate: false };

function makeMap(id, data) {
  const map = L.map(id, {
    attributionControl: false, zoomControl: false, zoomSnap: 0.25, zoomDelta: 1, maxZoom: 19, maxBounds: data.limits, maxBoundsViscosity: 1, worldCopyJump: false,
  });
  map.addControl(L.control.zoom({ zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }));
  map.addControl(new GroundScale({ maxWidth: 120 }));
  return map;
}

// The map shows no ground outside `limits`, where the base ends, unless the data would not fit otherwise.
function keepWithinLimits(map, data) {
  const apply = () => {
    map.setMinZoom(0);
    const whole = map.getBoundsZoom(data.view ?? data.limits, false, L.point(56, 56));
    map.setMinZoom(Math.min(map.getBoundsZoom(data.limits, true), whole, 15));
  };
  map.on("resize", apply);
  apply();
}

function wholeView(map, data) {
  map.closePopup();
  map.fitBounds(data.view ?? data.limits, FIT);
}

function mapButtons(map, data) {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const button = (words, title, act) => {
      const made = html("button", { type: "button", title, "aria-label": title }, words);
      made.addEventListener("click", act);
      return made;
    };
    const all = button("Show all", "Show all: the extent of all records", () => wholeView(map, data));
    const print = button("Print", "Print the map and its table, or save them as PDF", () => window.print());
    const bar = html("div", { class: "leaflet-bar hz-buttons" }, all, print);
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  map.addControl(control);
}

function select(map, data, area, groups, at) {
  const group = groups[area.style.key];
  if (!map.hasLayer(group)) group.box.click();
  if (!at) map.getContainer().scrollIntoView({ block: "nearest" }); // on a narrow screen the table lies below
  if (!at) map.fitBounds(area.bounds, { paddingTopLeft: [40, 260], paddingBottomRight: [40, 40], maxZoom: 16, animate: false });
  const top = L.latLng(area.bounds.getNorth(), area.bounds.getCenter().lng);
  const widest = Math.min(420, map.getSize().x - 116); // beside the buttons, on a narrow screen too
  const size = { maxWidth: widest, minWidth: Math.min(240, widest) };
  const popup = L.popup({ ...size, autoPanPaddingTopLeft: [68, 12], autoPanPaddingBottomRight: [12, 12] });
  popup.setLatLng(at ?? top).setContent(popupContent(area, data.words));
  popup.on("remove", () => emphasise(map, area, false));
  popup.openOn(map);
  emphasise(map, area, true);
}

function emphasise(map, area, on) {
  area.chosen = on;
  size(map, area);
}

function keepNames(map, data, areas, groups) {
  const countries = data.base ? indexCountries(data.base) : [];
  const names = L.layerGroup().addTo(map);
  const grid = L.layerGroup().addTo(map);
  const redraw = () => {
    names.clearLayers();
    drawGraticule(map, grid);
    if (!data.base) return;
    const taken = [...obstacles(map, areas, groups), ...controlBoxes(map.getSize())];
    countryNames(map, countries, taken, names);
    placeNames(map, data.base.places, taken, names);
  };
  map.on("moveend resize", redraw);
  return redraw;
}

// A map that is made in a hidden tab has no size yet: it is fitted when it gets one.
function followSize(map, data) {
  let fitted = map.getSize().x > 0;
  const follow = () => {
    map.invalidateSize({ animate: false });
    if (!fitted && map.getSize().x > 0) wholeView(map, data);
    fitted ||= map.getSize().x > 0;
  };
  new ResizeObserver(follow).observe(map.getContainer());
}

function reportFaults() {
  document.addEventListener("securitypolicyviolation", (event) =>
    showFault(`A part of this map was not loaded, because it asks for ${event.blockedURI || "something from outside"}.`),
  );
  window.addEventListener("error", (event) => showFault(`A part of this map could not be drawn: ${event.message}`));
}

function drawAreas(map, data, groups) {
  const styles = Object.fromEntries(data.styles.map((style) => [style.key, style]));
  const onSelect = (area, at) => select(map, data, area, groups, at);
  const areas = data.records.map((record) => {
    const style = styles[record.style];
    return record.parts.length ? makeArea(map, record, style, onSelect) : { record, style };
  });
  return { areas, drawn: areas.filter((area) => area.polygon), onSelect };
}

function hazardgeoMap(id, dataId) {
  reportFaults();
  document.documentElement.lang = "en";
  const data = JSON.parse(document.getElementById(dataId).textContent);
  const map = makeMap(id, data);
  makePanes(map, data.styles);
  makeLinePanes(map);
  addHatches(data.styles);
  wholeView(map, data);
  keepWithinLimits(map, data);
  keepLineInSight(map, data.styles);
  drawBase(map, data.base, data.palette);
  const groups = Object.fromEntries(data.styles.map((style) => [style.key, L.layerGroup().addTo(map)]));
  const borders = data.borders.map((version, place) => drawBorder(map, version, place, data.borderStyles));
  borders.forEach((group, i) => data.borders[i].shown && map.addLayer(group));
  const { areas, drawn, onSelect } = drawAreas(map, data, groups);
  drawAtScale(map, drawn, groups);
  map.on("zoomend", () => drawAtScale(map, drawn, groups));
  const redrawNames = keepNames(map, data, drawn, groups);
  makeLegend(map, data, groups, borders, () => { sayWhatIsHidden(map, data, groups); redrawNames(); });
  if (data.findings) drawFindings(map, data, redrawNames);
  makeTable(data, areas, onSelect);
  mapButtons(map, data);
  fitToPaper(map, data);
  followSize(map, data);
  wholeView(map, data);
  redrawNames();
  return map;
}

window.hazardgeoMap = hazardgeoMap;
