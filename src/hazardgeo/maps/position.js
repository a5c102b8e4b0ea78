// Where the pointer is, or else the middle of the map; it is never empty.

function inDegrees({ lat, lng }) {
  const one = (value, [positive, negative]) => `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;
  return `${one(lat, ["N", "S"])}, ${one(lng, ["E", "W"])}`;
}

function showPosition(map) {
  const control = L.control({ position: "bottomright" });
  const said = html("div", { class: "hz-position" });
  const say = (at, of) => { said.textContent = `${inDegrees(at.wrap())} · WGS 84 · ${of}`; };
  const ofMap = () => say(map.getCenter(), "centre of the map");
  control.onAdd = () => said;
  map.addControl(control);
  map.on("mousemove", ({ latlng }) => say(latlng, "pointer"));
  map.on("mouseout moveend", ofMap);
  ofMap();
}
