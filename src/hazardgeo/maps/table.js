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

// Made when it is first shown: of thousands of rows a reader looks at a page.
function tableRow({ record }, onSelect) {
  const short = shortId(record);
  const whole = { class: short.length <= UNBROKEN ? "hz-unbroken" : "", title: record.id, "aria-label": record.id };
  const button = html("button", { type: "button", ...whole }, short);
  if (record.parts.length) button.addEventListener("click", onSelect);
  else button.disabled = true;
  const cells = record.row.map((text, i) => html("td", i === 3 ? { class: record.m2 === null ? "hz-number" : "hz-number hz-km2" } : {}, text));
  return html("tr", {}, html("th", { scope: "row" }, button), ...cells);
}

function tableGroup(areas, [key, title], onSelect) {
  const rows = areas.filter(({ record }) => record.group === key).map((area) => {
    let made = null;
    return { area, record: area.record, sought: soughtIn(area.record), element: () => (made ??= tableRow(area, () => onSelect(area))) };
  });
  const heading = html("tr", { class: "hz-group" }, html("th", { colspan: COLUMNS.length, scope: "rowgroup" }, `${title} (${rows.length})`));
  return { rows, heading, body: html("tbody", {}) };
}

// Within each group, since open and closed ground are never mixed; rows that are equal keep the order of the file.
function sortGroups(groups, compare, sign) {
  for (const group of groups) {
    group.inFile ??= group.rows;
    group.rows = [...group.inFile].sort((a, b) => sign * compare(a.record, b.record));
  }
}

function sortableHead(groups, onSort) {
  const heads = COLUMNS.map(([title, compare]) => {
    const button = html("button", { type: "button", title: `Sort by ${title}` }, title);
    const head = html("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortGroups(groups, compare, down ? -1 : 1);
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
