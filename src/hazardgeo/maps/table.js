// The table of records, its order, its filter, and the popup.

const GROUPS = [
  ["open", "Open hazards (open, worked on, suspended)"],
  ["closed", "Closed or handed-over hazards"],
  ["release", "Released land"],
];
const HEADINGS = ["Id", "Class", "Status", "Register", "km²"];

function tableRow(area, onSelect) {
  const { record } = area;
  const button = html("button", { type: "button" }, record.id);
  if (record.parts.length) button.addEventListener("click", () => onSelect(area));
  else button.disabled = true;
  const cells = record.row.map((text, i) => html("td", i === 3 ? { class: "hz-number" } : {}, text));
  const row = html("tr", {}, html("th", { scope: "row" }, button), ...cells);
  const sought = [record.id, ...record.row, ...record.facts.map(([, value]) => value)].join("\n").toLowerCase();
  return { row, sought };
}

function tableGroup(areas, key, title, onSelect) {
  const own = areas.filter((area) => area.record.group === key);
  const rows = own.map((area) => tableRow(area, onSelect));
  const heading = html("tr", { class: "hz-group" }, html("th", { colspan: HEADINGS.length, scope: "rowgroup" }, `${title} (${own.length})`));
  return { rows, heading, body: html("tbody", {}, ...(own.length ? [heading] : []), ...rows.map(({ row }) => row)) };
}

function makeTable(data, areas, onSelect) {
  const groups = GROUPS.map(([key, title]) => tableGroup(areas, key, title, onSelect));
  const head = html("tr", {}, ...HEADINGS.map((text) => html("th", { scope: "col" }, text)));
  const filter = html("input", { type: "search", id: "hz-filter", autocomplete: "off", spellcheck: "false" });
  const found = html("span", { class: "hz-found", role: "status" });
  const table = html("table", {}, html("thead", {}, head), ...groups.map(({ body }) => body));
  const apply = () => filterRows(groups, filter.value, found);
  filter.addEventListener("input", apply);
  const section = document.getElementById("hz-records");
  const search = html("div", { class: "hz-search" }, html("h2", {}, "Records", html("span", { class: "hz-print-only" }, ` · ${document.title}`)), html("label", { for: "hz-filter" }, "Find in the table"), filter, found);
  section.append(search);
  if (data.undrawn) section.append(html("p", { class: "hz-none" }, `Records without an outline, listed and not drawn: ${data.undrawn}.`));
  section.append(html("div", { class: "hz-table" }, table));
  apply();
}

function filterRows(groups, text, found) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  let all = 0;
  for (const { rows, heading } of groups) {
    let own = 0;
    for (const { row, sought } of rows) {
      row.hidden = !words.every((word) => sought.includes(word));
      own += row.hidden ? 0 : 1;
    }
    heading.hidden = !own;
    shown += own;
    all += rows.length;
  }
  found.textContent = shown === all ? `Records: ${all}` : `Records: ${shown} of ${all}; the map shows all`;
}

function popupContent(area) {
  const rows = area.record.facts.flatMap(([word, value]) => [html("dt", {}, word), html("dd", {}, value)]);
  return html("div", { class: "hz-popup" }, html("h3", {}, area.record.id), html("dl", {}, ...rows));
}
