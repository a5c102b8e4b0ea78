// What is said of one record, beside it.

function select(page, area, at) {
  const { map, data, switches } = page;
  switches.show(area.record);
  if (!at) map.getContainer().scrollIntoView({ block: "nearest" }); // on a narrow screen the table lies below
  if (!at) map.fitBounds(area.bounds, { paddingTopLeft: [40, 260], paddingBottomRight: [40, 40], maxZoom: 16, animate: false });
  const top = L.latLng(area.bounds.getNorth(), area.bounds.getCenter().lng);
  const popup = openPopup(map, at ?? top, recordWords(area, data.words), 420);
  popup.on("remove", () => emphasise(page, area, false));
  emphasise(page, area, true);
}

// Beside the buttons, on a narrow screen too.
function openPopup(map, at, content, most) {
  const widest = Math.min(most, map.getSize().x - 116);
  const room = { maxWidth: widest, minWidth: Math.min(240, widest), autoPanPaddingTopLeft: [68, 12], autoPanPaddingBottomRight: [12, 12] };
  return L.popup(room).setLatLng(at).setContent(content).openOn(map);
}

function emphasise(page, area, on) {
  area.chosen = on;
  drawAtScale(page);
}

function recordWords({ record }, words) {
  const rows = record.facts.flatMap(([word, value]) => [html("dt", {}, words[word]), html("dd", {}, value)]);
  return html("div", { class: "hz-popup" }, html("h3", {}, record.id), html("dl", {}, ...rows));
}
