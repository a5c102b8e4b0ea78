// On paper: the map on page 1 with legend and footer, as large as they leave room; the table after it.

const PAGE_HEIGHT = "188mm"; // A4 landscape within its margins, and a little less
const PRINTED_ROWS = 1000;

// The layout of paper is a class, put on before printing, so that it can be measured while it is still on the screen.
function fitToPaper(map, data) {
  const root = document.documentElement.classList;
  const records = document.getElementById("hz-records");
  const details = document.getElementById("hz-details");
  let before = null;
  window.addEventListener("beforeprint", () => {
    if (before) return;
    before = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap, minZoom: map.getMinZoom(), open: details.open };
    root.add("hz-paper");
    details.open = true;
    document.querySelector(".hz-page").append(records); // after the footer: from page 2 on
    limitPrintedRows(data.records.length);
    fillPage(map, before.bounds);
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    root.remove("hz-paper");
    details.open = before.open;
    document.getElementById("hz-panel").append(records);
    map.getContainer().style.height = "";
    map.options.zoomSnap = before.snap;
    map.invalidateSize({ animate: false });
    map.setMinZoom(before.minZoom);
    map.setView(before.centre, before.zoom, { animate: false });
    before = null;
  });
}

// What the screen showed, all of it, and no more than the other shape of the paper adds.
function fillPage(map, bounds) {
  const height = (selector) => document.querySelector(selector).getBoundingClientRect().height;
  const container = map.getContainer();
  container.style.height = `max(90mm, ${PAGE_HEIGHT} - ${Math.ceil(height(".hz-header") + height(".hz-footer"))}px)`;
  map.options.zoomSnap = 0;
  map.invalidateSize({ animate: false });
  map.setMinZoom(0);
  map.fitBounds(bounds, { padding: [1, 1], animate: false }); // Leaflet rounds the centre to whole pixels
}

// The rows that the filter shows, up to a number that still makes a handy print; what is left out is counted.
function limitPrintedRows(all) {
  const rows = [...document.querySelectorAll("#hz-records tbody tr:not(.hz-group)")].filter((row) => !row.hidden);
  rows.forEach((row, i) => row.classList.toggle("hz-unprinted", i >= PRINTED_ROWS));
  const rest = rows.length - PRINTED_ROWS;
  document.getElementById("hz-rest").textContent =
    rest > 0 ? `Printed here: the first ${PRINTED_ROWS} of ${rows.length} records. ${rest} more are in the file, which holds all ${all}.` : "";
}
