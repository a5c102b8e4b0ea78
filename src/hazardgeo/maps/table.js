// The table of records, its order, its filter, and the popup.

const GROUPS = [
  ["open", "Open hazards (open, worked on, suspended)"],
  ["closed", "Closed or handed-over hazards"],
  ["release", "Released land"],
];
const CLASSES = ["CHA", "SHA", "Not stated", "Cleared", "Reduced", "Cancelled"];
const UNBROKEN = 14; // letters of an id that is kept in one line
const inWords = new Intl.Collator("en", { numeric: true }).compare; // BIH-9 before BIH-10, on every computer alike
const COLUMNS = [
  ["Id", (a, b) => inWords(a.id, b.id)],
  ["Class", (a, b) => CLASSES.indexOf(a.row[0]) - CLASSES.indexOf(b.row[0])],
  ["Status", (a, b) => inWords(a.row[1], b.row[1])],
  ["Register", (a, b) => inWords(a.row[2], b.row[2])],
  ["km²", (a, b) => (a.m2 ?? -1) - (b.m2 ?? -1)], // not measured comes first, and is not 0
];

// The register has its own column, so that its name is left out of the ids that begin with it.
function shortId({ id, row: [, , register] }) {
  const prefix = `${register}/`;
  return id.startsWith(prefix) && id.length > prefix.length ? id.slice(prefix.length) : id;
}

function tableRow(area, onSelect) {
  const { record } = area;
  const short = shortId(record);
  const whole = { class: short.length <= UNBROKEN ? "hz-unbroken" : "", title: record.id, "aria-label": record.id };
  const button = html("button", { type: "button", ...whole }, short);
  if (record.parts.length) button.addEventListener("click", () => onSelect(area));
  else button.disabled = true;
  const cells = record.row.map((text, i) => html("td", i === 3 ? { class: record.m2 === null ? "hz-number" : "hz-number hz-km2" } : {}, text));
  const row = html("tr", {}, html("th", { scope: "row" }, button), ...cells);
  const sought = [record.id, ...record.row, ...record.facts.map(([, value]) => value)].join("\n").toLowerCase();
  return { record, row, sought };
}

function tableGroup(areas, [key, title], onSelect) {
  const rows = areas.filter((area) => area.record.group === key).map((area) => tableRow(area, onSelect));
  const heading = html("tr", { class: "hz-group" }, html("th", { colspan: COLUMNS.length, scope: "rowgroup" }, `${title} (${rows.length})`));
  return { rows, heading, body: html("tbody", {}, ...(rows.length ? [heading] : []), ...rows.map(({ row }) => row)) };
}

// Within each group, since open and closed ground are never mixed; rows that are equal keep the order of the file.
function sortGroups(groups, compare, sign) {
  for (const { rows, body } of groups) {
    const sorted = [...rows].sort((a, b) => sign * compare(a.record, b.record));
    body.append(...sorted.map(({ row }) => row));
  }
}

function sortableHead(groups) {
  const heads = COLUMNS.map(([title, compare]) => {
    const button = html("button", { type: "button", title: `Sort by ${title}` }, title);
    const head = html("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortGroups(groups, compare, down ? -1 : 1);
    });
    return head;
  });
  return html("tr", {}, ...heads);
}

function makeTable(data, areas, onSelect) {
  const groups = GROUPS.map((group) => tableGroup(areas, group, onSelect));
  const filter = html("input", { type: "search", id: "hz-filter", autocomplete: "off", spellcheck: "false" });
  const found = html("span", { class: "hz-found", role: "status" });
  const table = html("table", {}, html("thead", {}, sortableHead(groups)), ...groups.map(({ body }) => body));
  const apply = () => filterRows(groups, filter.value, found);
  filter.addEventListener("input", apply);
  const section = document.getElementById("hz-records");
  const search = html("div", { class: "hz-search" }, html("h2", {}, "Records", html("span", { class: "hz-print-only" }, ` · ${document.title}`)), html("label", { for: "hz-filter" }, "Find in the table"), filter, found);
  section.append(search);
  if (data.undrawn) section.append(html("p", { class: "hz-none" }, `Records without an outline, listed and not drawn: ${data.undrawn}.`));
  section.append(html("p", { class: "hz-print-only", id: "hz-rest" }), html("div", { class: "hz-table" }, table));
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

function popupContent({ record }, words) {
  const rows = record.facts.flatMap(([word, value]) => [html("dt", {}, words[word]), html("dd", {}, value)]);
  return html("div", { class: "hz-popup" }, html("h3", {}, record.id), html("dl", {}, ...rows));
}
