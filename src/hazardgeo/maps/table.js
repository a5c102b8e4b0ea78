// The table of records, its order, its filter, and the popup.

const GROUPS = [
  ["open", "Open hazards (open, worked on, suspended)"],
  ["closed", "Closed or handed-over hazards"],
  ["release", "Released land"],
];
const CLASSES = ["CHA", "SHA", "Not stated", "Cleared", "Reduced", "Cancelled"];
const UNBROKEN = 14; // letters of an id that is kept in one line
const inWords = new Intl.Collator("en", { numeric: true }).compare; // BIH-9 before BIH-10, on every computer alike
const asNumbers = (a, b) => a - b;
const COLUMNS = [
  ["Id", ({ id }) => id, inWords],
  ["Class", ({ row }) => CLASSES.indexOf(row[0]), asNumbers],
  ["Status", ({ row }) => row[1], inWords],
  ["Register", (record) => registerOf(record), inWords],
  ["km²", ({ m2 }) => m2 ?? -1, asNumbers], // not measured comes first, and is not 0
];

// The register has its own column, so that its name is left out of the ids that begin with it.
function shortId({ id, row: [, , register] }) {
  const prefix = `${register}/`;
  return id.startsWith(prefix) && id.length > prefix.length ? id.slice(prefix.length) : id;
}

// Made when it is first shown: of thousands of rows a reader looks at a page.
function tableRow({ record, bounds }, onSelect) {
  const short = shortId(record);
  const whole = { class: short.length <= UNBROKEN ? "hz-unbroken" : "", title: record.id, "aria-label": record.id };
  const button = html("button", { type: "button", ...whole }, short);
  if (bounds) button.addEventListener("click", onSelect);
  else button.disabled = true;
  const cells = record.row.map((text, i) => html("td", i === 3 ? { class: record.m2 === null ? "hz-number" : "hz-number hz-km2" } : {}, text));
  return html("tr", {}, html("th", { scope: "row" }, button), ...cells);
}

function tableGroup(areas, [key, title], onSelect) {
  const rows = areas.filter(({ record }) => record.group === key).map((area) => {
    let made = null;
    let sought = null;
    return { area, record: area.record, sought: () => (sought ??= soughtIn(area.record)), element: () => (made ??= tableRow(area, () => onSelect(area))) };
  });
  const heading = html("tr", { class: "hz-group" }, html("th", { colspan: COLUMNS.length, scope: "rowgroup" }, `${title} (${rows.length})`));
  return { rows, heading, body: html("tbody", {}) };
}

// Within each group, since open and closed ground are never mixed; rows that are equal keep the order of the file.
// Of a word that stands in thousands of rows the place is found once.
function sortGroups(groups, [, keyOf, compare], sign) {
  for (const group of groups) {
    group.inFile ??= group.rows;
    const keys = new Map(group.inFile.map((row) => [row, keyOf(row.record)]));
    const places = new Map([...new Set(keys.values())].sort(compare).map((key, place) => [key, place]));
    group.rows = [...group.inFile].sort((a, b) => sign * (places.get(keys.get(a)) - places.get(keys.get(b))));
  }
}

function sortableHead(groups, onSort) {
  const heads = COLUMNS.map((column) => {
    const [title] = column;
    const button = html("button", { type: "button", title: `Sort by ${title}` }, title);
    const head = html("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortGroups(groups, column, down ? -1 : 1);
      onSort();
    });
    return head;
  });
  return html("tr", {}, ...heads);
}

// Rows from one place on, as many as asked for; a group is named where any of its rows stands.
function fillTable(groups, matching, from, most) {
  const wanted = new Set(matching.slice(from, from + most));
  for (const { rows, heading, body } of groups) {
    const own = rows.filter((row) => wanted.has(row));
    body.replaceChildren(...(own.length ? [heading] : []), ...own.map((row) => row.element()));
  }
}
