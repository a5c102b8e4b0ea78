// The row of tools above the map.

function makeTools(page, measure) {
  const { map, data } = page;
  const all = toolButton("Show all", "Show all: the extent of all records", () => wholeView(map, data));
  const measuring = toolButton("Measure", "Measure distances and areas on the map", () => measure.toggle());
  measuring.setAttribute("aria-pressed", "false");
  measure.state.button = measuring;
  const print = toolButton("Print", "Print the map and its table, or save them as PDF", () => window.print());
  document.getElementById("hz-tools").append(all, zoomTo(page), measuring, ...fullScreenButton(), paperChoice(), print);
}

function toolButton(words, title, act) {
  const button = html("button", { type: "button", title, "aria-label": title.startsWith(words) ? title : `${words}: ${title}` }, words);
  button.addEventListener("click", act);
  return button;
}

// Each place that has a name on this page: the records of a country or a register, and a line between two countries.
function zoomTo({ map, data, drawn }) {
  // The boxes are gathered when they are asked for; which ground has any is seen at its first record.
  const of = (fits) => (drawn.some(({ record }) => fits(record)) ? () => drawn.filter(({ record }) => fits(record)).map(({ bounds }) => bounds) : null);
  const ground = [
    ...data.countries.map(({ key, label }) => ["Reported by", label, of(({ country }) => country === key)]),
    ...data.registers.map(({ key }) => ["Register", key, of((record) => registerOf(record) === key)]),
    ...linesByPair(data.borders[0]).map(([pair, paths]) => ["Border", pair, () => paths.map((path) => L.latLngBounds(path))]),
  ].filter(([, , boxes]) => boxes);
  const choice = html("select", { "aria-label": "Zoom to" }, html("option", { value: "" }, "Zoom to …"), ...groupedOptions(ground));
  choice.addEventListener("change", () => {
    const boxes = ground[choice.value]?.[2]();
    if (!boxes) return;
    map.closePopup();
    map.fitBounds(boxes.reduce((sum, box) => sum.extend(box), L.latLngBounds([])), FIT);
  });
  return choice;
}

function groupedOptions(ground) {
  const groups = new Map();
  ground.forEach(([group, label], i) => {
    if (!groups.has(group)) groups.set(group, html("optgroup", { label: group }));
    groups.get(group).append(html("option", { value: i }, label));
  });
  return groups.values();
}

function linesByPair(version) {
  const pairs = new Map();
  for (const { asked, pair, paths } of version?.lines ?? []) if (asked) pairs.set(pair, [...(pairs.get(pair) ?? []), ...paths]);
  return [...pairs];
}

// The whole page, so that legend and warnings come along; in a frame that forbids it there is no button.
function fullScreenButton() {
  if (!document.fullscreenEnabled) return [];
  const button = toolButton("Full screen", "Full screen: the whole page; Escape leaves it", () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {}),
  );
  document.addEventListener("fullscreenchange", () => button.setAttribute("aria-pressed", Boolean(document.fullscreenElement)));
  button.setAttribute("aria-pressed", "false");
  return [button];
}

function paperChoice() {
  const choice = html("select", { id: "hz-paper-size", "aria-label": "Paper to print on" }, ...Object.keys(PAPERS).map((size) => html("option", {}, size)));
  choice.addEventListener("change", () => choosePaper(choice.value));
  choosePaper(choice.value);
  return choice;
}
