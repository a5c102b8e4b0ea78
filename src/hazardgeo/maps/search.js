// Searching the records, and turning the pages of their table.

const PAGE_ROWS = 200;

// Without case and accents, so that "cacak" finds Čačak.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const soughtIn = (record) => plain([record.id, ...record.row, ...record.facts.map(([, value]) => value)].join("\n"));

function makeTable({ data, areas }, onSelect) {
  const groups = GROUPS.map((group) => tableGroup(areas, group, onSelect));
  const state = { matching: [], from: 0 };
  const found = html("span", { class: "hz-found", role: "status" });
  const pager = makePager(state, () => show());
  const show = () => {
    fillTable(groups, state.matching, state.from, PAGE_ROWS);
    pager.update();
  };
  const table = html("table", {}, html("thead", {}, sortableHead(groups, () => search())), ...groups.map(({ body }) => body));
  const search = () => {
    const words = plain(filter.value).split(/\s+/).filter(Boolean);
    const fits = data.layers ? packedSearch(data, words) : ({ sought }) => words.every((word) => sought().includes(word));
    Object.assign(state, { matching: groups.flatMap(({ rows }) => rows).filter(fits), from: 0 });
    found.textContent = sayFound(state.matching.length, areas.length);
    show();
  };
  const filter = searchField(search, () => state.matching.find(({ area }) => area.bounds), onSelect);
  placeTable(data, filter, found, pager, table);
  search();
  return { forPaper: (most) => fillTable(groups, state.matching, 0, most), forScreen: show, found: () => state.matching.length };
}

function sayFound(shown, all) {
  return shown === all ? `Records: ${all}` : `Records: ${shown} of ${all}; the map shows all`;
}

function searchField(search, first, onSelect) {
  const field = html("input", { type: "search", id: "hz-filter", autocomplete: "off", spellcheck: "false", "aria-describedby": "hz-filter-help" });
  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const row = first();
    if (row) onSelect(row.area);
  });
  return field;
}

function placeTable(data, field, found, pager, table) {
  const section = document.getElementById("hz-records");
  const title = html("h2", {}, "Records", html("span", { class: "hz-print-only" }, ` · ${document.title}`));
  const help = html("small", { id: "hz-filter-help" }, "Id, class, register or any word of the records; Enter goes to the first.");
  section.append(html("div", { class: "hz-search" }, title, html("label", { for: "hz-filter" }, "Search"), field, help, found));
  if (data.undrawn) section.append(html("p", { class: "hz-none" }, `Records without an outline, listed and not drawn: ${data.undrawn}.`));
  section.append(html("p", { class: "hz-print-only", id: "hz-rest" }), html("div", { class: "hz-table" }, table), pager.element);
}

// Buttons stay reachable at either end, so that the keyboard's place is not lost.
function makePager(state, show) {
  const where = html("span", { role: "status" });
  const turn = (words, step) => {
    const button = html("button", { type: "button" }, words);
    button.addEventListener("click", () => {
      const to = state.from + step * PAGE_ROWS;
      if (to < 0 || to >= state.matching.length) return;
      state.from = to;
      show();
    });
    return button;
  };
  const [back, on] = [turn("Previous", -1), turn("Next", 1)];
  const element = html("nav", { class: "hz-pager", "aria-label": "Pages of the table" }, back, where, on);
  const update = () => {
    const all = state.matching.length;
    const to = Math.min(state.from + PAGE_ROWS, all);
    element.hidden = all <= PAGE_ROWS;
    where.textContent = `Rows ${state.from + 1} to ${to} of ${all}`;
    back.setAttribute("aria-disabled", state.from === 0);
    on.setAttribute("aria-disabled", to === all);
  };
  return { element, update };
}
