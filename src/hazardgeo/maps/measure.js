// Measuring on the map: distance along the clicks, and the area that they enclose.

function makeMeasure(map) {
  const layer = L.layerGroup();
  const pane = "hz-measure";
  map.createPane(pane).style.zIndex = 480;
  const box = measureBox(map);
  const state = { on: false, points: [], button: null };
  const draw = () => {
    layer.clearLayers();
    const line = { pane, interactive: false, color: "#000", weight: 2, dashArray: "6 4" };
    if (state.points.length > 2) layer.addLayer(L.polygon(state.points, { ...line, stroke: false, fillColor: "#000", fillOpacity: 0.08 }));
    layer.addLayer(L.polyline(state.points, line));
    for (const at of state.points) layer.addLayer(L.circleMarker(at, { pane, interactive: false, radius: 4, color: "#000", weight: 1.5, fillColor: "#fff", fillOpacity: 1 }));
    box.say(map, state.points);
  };
  const add = (at) => { state.points.push(at); draw(); };
  const set = (on) => {
    Object.assign(state, { on, points: [] });
    map.getContainer().classList.toggle("hz-measuring", on);
    state.button?.setAttribute("aria-pressed", on);
    map.doubleClickZoom[on ? "disable" : "enable"]();
    for (const part of [layer, box.control]) if (on) part.addTo(map); else part.remove();
    if (on) { map.closePopup(); draw(); map.getContainer().focus(); }
  };
  const undo = () => { state.points.pop(); draw(); };
  map.on("click", ({ latlng }) => state.on && add(latlng));
  map.on("zoomend", () => state.on && box.say(map, state.points));
  document.addEventListener("keydown", (event) => measureKey(event, map, state, { add, undo, end: () => { set(false); state.button?.focus(); } }));
  box.onUndo(undo);
  box.onEnd(() => { set(false); state.button?.focus(); });
  return { state, toggle: () => set(!state.on) };
}

// Without a mouse: arrows move the map, Enter sets a point at its centre, Backspace takes the last one back, Escape ends.
function measureKey(event, map, state, { add, undo, end }) {
  if (!state.on) return;
  const onMap = event.target === map.getContainer();
  if (event.key === "Escape") end();
  else if (onMap && event.key === "Enter") add(map.getCenter());
  else if (onMap && event.key === "Backspace") undo();
  else return;
  event.preventDefault();
}

function measureBox(map) {
  const said = html("div", { role: "status" });
  const [undo, end] = ["Take back", "End"].map((words) => html("button", { type: "button" }, words));
  const help = html("small", {}, "Click on the map, or move it with the arrows and press Enter for its centre. Backspace takes back, Escape ends.");
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = html("div", { class: "hz-measure" }, said, help, html("div", { class: "hz-measure-buttons" }, undo, end));
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  return {
    control,
    say: (map, points) => said.replaceChildren(...measureWords(map, points).map((line) => html("p", {}, line))),
    onUndo: (act) => undo.addEventListener("click", act),
    onEnd: (act) => end.addEventListener("click", act),
  };
}

function measureWords(map, points) {
  const at = points.map(({ lat, lng }) => [lat, lng]);
  const metres = at.slice(1).reduce((sum, point, i) => sum + geodesicDistance(at[i], point), 0);
  const pixel = (METRES_PER_PIXEL_AT_0 * Math.cos(radians(map.getCenter().lat))) / 2 ** map.getZoom();
  const lines = [at.length > 1 ? `Distance: ${inKilometres(metres)}` : "Distance: set two points or more"];
  if (at.length > 2) lines.push(crossesItself(at) ? "Area: none, the outline crosses itself" : `Area enclosed: ${inSquareKilometres(geodesicArea(at))}`);
  lines.push(`On the WGS 84 ellipsoid; at this scale a point is good to about ${inGroups(pixel, pixel < 10 ? 1 : 0)} m.`);
  return lines;
}

function inGroups(value, decimals) {
  const [whole, rest] = value.toFixed(decimals).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (rest ? `.${rest}` : "");
}
const withDigits = (value) => inGroups(value, value >= 100 ? 1 : value >= 10 ? 2 : 3);
const inKilometres = (metres) => `${metres < 1000 ? `${inGroups(metres, 0)} m = ` : ""}${withDigits(metres / 1000)} km = ${withDigits(metres / 1609.344)} mi`;
const inSquareKilometres = (m2) => `${m2 < 1e6 ? `${inGroups(m2, 0)} m² = ` : ""}${withDigits(m2 / 1e6)} km² = ${withDigits(m2 / 2589988.110336)} mi²`;
