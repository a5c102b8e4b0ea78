// What lies below the hazards if it was asked for: an embedded picture, and tiles that need the reader's own tick.

const RASTER_OPACITY = 0.55; // names, lines and areas stay what is read first

function makeOverlayPanes(map) {
  map.createPane("hz-tiles").style.zIndex = 205;
  map.createPane("hz-raster").style.zIndex = 210;
}

// Rows for the legend.
function drawOverlays({ map, data }, onChange) {
  makeOverlayPanes(map);
  return [...(data.raster ? [rasterRow(map, data.raster, onChange)] : []), ...(data.tiles ? [tilesRow(map, data.tiles, onChange)] : [])];
}

function rasterRow(map, { name, note, bounds, image }, onChange) {
  const layer = L.imageOverlay(image, bounds, { pane: "hz-raster", opacity: RASTER_OPACITY, interactive: false, alt: "" }).addTo(map);
  const box = toggle(map, layer, true, onChange);
  const words = html("span", { class: "hz-words" }, html("span", {}, `Picture: ${name}`), html("small", {}, note));
  return legendRow(html("label", {}, box, pictureSwatch(image), words));
}

function pictureSwatch(image) {
  const swatch = svg("svg", { class: "hz-swatch", width: 66, height: 22, viewBox: "0 0 66 22", "aria-hidden": "true" });
  swatch.append(svg("image", { href: image, x: 2, y: 1, width: 62, height: 20, preserveAspectRatio: "xMidYMid slice" }));
  return swatch;
}

// Each request tells the server where one looks: none is made before the tick, and a line on top says so while it is set.
function tilesRow(map, { url, host, attribution, maxZoom }, onChange) {
  const layer = L.tileLayer(url, { pane: "hz-tiles", maxNativeZoom: maxZoom, maxZoom: 19, referrerPolicy: "no-referrer" });
  const warning = html("p", { class: "hz-online", id: "hz-online", role: "status" });
  document.querySelector(".hz-header").append(warning);
  const box = toggle(map, layer, false, () => {
    warning.textContent = box.checked ? `Online: this page asks ${host} for pictures of the ground that you look at, which tells that server where you look. Its lines are not the borders asked about here.` : "";
    onChange();
  });
  const words = html("span", { class: "hz-words" }, html("span", {}, `Tiles from ${host} (needs internet)`), html("small", {}, `Every request tells ${host} where you look; none is made before this tick. ${attribution}`));
  return legendRow(html("label", {}, box, html("span", {}), words));
}
