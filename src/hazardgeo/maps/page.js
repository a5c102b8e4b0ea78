// The page: makes the map, draws the data from the bottom up, and ties map, legend and table together.

const FIT = { paddingTopLeft: [60, 44], paddingBottomRight: [44, 44], maxZoom: 16, animate: false };

function makeMap(id, data) {
  const map = L.map(id, {
    attributionControl: false, zoomControl: false, fadeAnimation: false, zoomSnap: 0.25, zoomDelta: 1, maxZoom: 19, maxBounds: data.limits, maxBoundsViscosity: 1, worldCopyJump: false,
  });
  map.addControl(L.control.zoom({ zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }));
  map.addControl(new GroundScale({ maxWidth: 120 }));
  return map;
}

// The map shows no ground outside `limits`, where the base ends, unless the data would not fit otherwise.
function lowestZoom(map, data) {
  map.setMinZoom(0);
  const whole = map.getBoundsZoom(data.view ?? data.limits, false, L.point(104, 88));
  return Math.min(map.getBoundsZoom(data.limits, true), whole, 15);
}

function keepWithinLimits(map, data) {
  const apply = () => map.setMinZoom(lowestZoom(map, data));
  map.on("resize", apply);
  apply();
}

function wholeView(map, data) {
  map.closePopup();
  map.fitBounds(data.view ?? data.limits, FIT);
}

// From what must be seen to what may be left out: areas, signs beside them, names where there is room.
function makeRedraw(page) {
  const { map, data } = page;
  const countries = data.base ? indexCountries(data.base) : [];
  const names = L.layerGroup().addTo(map);
  const grid = L.layerGroup().addTo(map);
  return () => {
    names.clearLayers();
    drawGraticule(map, grid);
    const taken = [...obstacles(page), ...controlBoxes(map)];
    page.placeSigns(taken);
    if (!data.base) return;
    countryNames(map, countries, taken, names);
    placeNames(map, data.base.places, taken, names);
  };
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

function drawAreas(page) {
  const { map, data } = page;
  if (data.outlines) return drawOnCanvas(page);
  const styles = Object.fromEntries(data.styles.map((style) => [style.key, style]));
  const onSelect = (area, at) => select(page, area, at);
  page.areas = data.records.map((record) => {
    const style = styles[record.style];
    return record.parts.length ? makeArea(map, record, style, onSelect) : { record, style };
  });
  page.drawn = page.areas.filter((area) => area.polygon);
}

function makePage(map, data) {
  const page = { map, data, areas: [], drawn: [], placeSigns: () => {} };
  page.groups = Object.fromEntries(data.styles.map((style) => [style.key, L.layerGroup().addTo(map)]));
  page.borders = data.borders.map((version, place) => drawBorder(map, version, place, data.borderStyles));
  page.borders.forEach((group, i) => data.borders[i].shown && map.addLayer(group));
  page.switches = makeSwitches(data);
  page.blocks = makeBlocks(map, data);
  drawAreas(page);
  return page;
}

function tieTogether(page) {
  const { map, data } = page;
  const redraw = makeRedraw(page);
  const crowd = () => { document.getElementById("hz-crowd-row").hidden = page.blocks.on && !page.blocks.all.length; };
  const draw = () => { drawAtScale(page); crowd(); };
  const onChange = () => { draw(); sayWhatIsHidden(page.switches); redraw(); };
  makeLegend(page, onChange);
  if (data.raster || data.tiles) document.getElementById("hz-legend").append(html("ul", { class: "hz-kinds" }, ...drawOverlays(page, onChange)));
  if (data.findings) page.placeSigns = drawFindings(page, redraw);
  map.on("zoomend", draw);
  map.on("moveend resize", redraw);
  draw();
  return redraw;
}

// Records of a large page are unpacked first. Where that fails nothing is drawn, and the page says so.
function whenUnpacked(data, act) {
  if (!data.compact) return act();
  const waiting = html("p", { class: "hz-none" }, "The records are being unpacked; none is drawn yet.");
  document.getElementById("hz-legend").append(waiting);
  const done = () => { waiting.remove(); act(); };
  unpackRecords(data).then(done).catch((error) => showFault(`No record of this map could be drawn: ${error.message}.`));
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
  whenUnpacked(data, () => fillMap(map, data));
  return map;
}

function fillMap(map, data) {
  const page = makePage(map, data);
  const redraw = tieTogether(page);
  const table = makeTable(page, (area) => select(page, area));
  showPosition(map);
  makeTools(page, makeMeasure(map));
  fitToPaper(page, table);
  followSize(map, data);
  map.invalidateSize({ animate: false }); // the row of tools has taken some of its height
  wholeView(map, data);
  redraw();
  map.hazardgeo = page; // for tests
  document.documentElement.classList.add("hz-ready");
}

window.hazardgeoMap = hazardgeoMap;
