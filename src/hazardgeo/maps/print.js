// On paper: the map on page 1 with legend and footer, as large as they leave room; the table after it.

// What lies within the margins, in mm: height of the page and a little less, width, width of the map.
const PAPERS = { A4: [188, 279, 200], A3: [275, 402, 315] };
const PRINTED_ROWS = 1000;

// The size is a rule of style, which cannot be set on an element; every sheet says how far it may travel.
function choosePaper(size) {
  const [height, width, map] = PAPERS[size];
  const rule = document.getElementById("hz-paper-rule") ?? html("style", { id: "hz-paper-rule" });
  const stamp = document.querySelector(".hz-confidential, .hz-notice")?.textContent ?? "";
  rule.textContent =
    `@page { size: ${size} landscape; @bottom-left { content: ${cssText(stamp)}; font: 9px "Segoe UI", "Noto Sans", Arial, sans-serif; } }\n` +
    `:root { --hz-sheet: ${width}mm; --hz-sheet-map: ${map}mm; --hz-sheet-height: ${height}mm; }`;
  document.head.append(rule);
}

// A CSS string: whatever is not a letter or a figure is written as its number.
const cssText = (text) => `"${text.replace(/[^a-zA-Z0-9 .,:]/gu, (sign) => `\\${sign.codePointAt(0).toString(16)} `)}"`;

// The layout of paper is a class, put on before printing, so that it can be measured while it is still on the screen.
function fitToPaper(page, table) {
  const { map, data } = page;
  const root = document.documentElement.classList;
  const [panel, details] = ["hz-panel", "hz-details"].map((name) => document.getElementById(name));
  const lists = [...panel.children].slice(1); // all but the legend
  let before = null;
  window.addEventListener("beforeprint", () => {
    if (before) return;
    before = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap, minZoom: map.getMinZoom(), open: details.open };
    root.add("hz-paper");
    details.open = true;
    document.querySelector(".hz-page").append(...lists); // after the footer: from page 2 on
    table.forPaper(PRINTED_ROWS);
    sayWhatIsNotPrinted(table.found(), data.records.length);
    fillPage(map, data, before.bounds);
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    root.remove("hz-paper");
    details.open = before.open;
    panel.append(...lists);
    table.forScreen();
    map.getContainer().style.height = "";
    map.options.zoomSnap = before.snap;
    map.invalidateSize({ animate: false });
    map.setMinZoom(before.minZoom);
    map.setView(before.centre, before.zoom, { animate: false });
    before = null;
  });
}

// What the screen showed, all of it, and no more than the other shape of the paper adds; where it showed everything, with
// room for the blocks around it.
function fillPage(map, data, bounds) {
  const height = (selector) => document.querySelector(selector).getBoundingClientRect().height;
  map.getContainer().style.height = `max(90mm, var(--hz-sheet-height) - ${Math.ceil(height(".hz-header") + height(".hz-footer"))}px)`;
  map.options.zoomSnap = 0;
  map.invalidateSize({ animate: false });
  map.setMinZoom(lowestZoom(map, data));
  const whole = data.view && bounds.contains(data.view);
  map.fitBounds(whole ? data.view : bounds, whole ? FIT : { padding: [1, 1], animate: false }); // Leaflet rounds the centre to whole pixels
}

// The rows that the search shows, up to a number that still makes a handy print; what is left out is counted.
function sayWhatIsNotPrinted(found, all) {
  const rest = found - PRINTED_ROWS;
  document.getElementById("hz-rest").textContent =
    rest > 0 ? `Printed here: the first ${PRINTED_ROWS} of ${found} records. ${rest} more are in the file, which holds all ${all}.` : "";
}
