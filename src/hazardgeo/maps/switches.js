// What is switched off: classes, countries that report, registers. A record is drawn where none of its three is off, and what is
// off is always said in words.

const AXES = [
  ["style", (record) => record.style],
  ["country", (record) => record.country],
  ["register", (record) => registerOf(record)],
];

const registerOf = (record) => record.register ?? record.row[2];

function makeSwitches(data) {
  const boxes = { style: new Map(), country: new Map(), register: new Map() };
  const isOff = (axis, key) => boxes[axis].get(key)?.checked === false;
  const isShown = (record) => AXES.every(([axis, keyOf]) => !isOff(axis, keyOf(record)));
  // Switches on whatever hides this record.
  const show = (record) => AXES.forEach(([axis, keyOf]) => isOff(axis, keyOf(record)) && boxes[axis].get(keyOf(record)).click());
  return { data, boxes, isOff, isShown, show };
}

function switchBox(switches, axis, key, onChange) {
  const box = html("input", { type: "checkbox" });
  box.checked = true;
  box.addEventListener("change", onChange);
  switches.boxes[axis].set(key, box);
  return box;
}

// A row of switches for each axis on which the records differ.
function switchRows(switches, onChange) {
  const { countries, registers } = switches.data;
  const rows = [["country", "Reported by", countries], ["register", "Register", registers]].filter(([, , all]) => all.length > 1);
  return rows.map(([axis, title, all]) => {
    const labels = all.map(({ key, label, count, newest }) =>
      html("label", {}, switchBox(switches, axis, key, onChange), html("span", { class: "hz-words" }, html("span", {}, label), html("small", {}, `${count} · ${newest}`))),
    );
    return html("fieldset", { class: "hz-axis" }, html("legend", {}, title), ...labels);
  });
}

function sayWhatIsHidden({ data, isOff, isShown }) {
  const classes = data.styles.filter((style) => style.count && isOff("style", style.key)).map((style) => style.label);
  const countries = data.countries.filter(({ key }) => isOff("country", key)).map(({ label }) => `reported by ${label}`);
  const registers = data.registers.filter(({ key }) => isOff("register", key)).map(({ key }) => `register ${key}`);
  const off = [...classes, ...countries, ...registers];
  const count = data.records.filter((record) => !isShown(record)).length;
  document.getElementById("hz-hidden-note").textContent = off.length
    ? `Switched off on this map: ${off.join(", ")} (${count} of ${data.records.length} records). Totals and table count them all the same.`
    : "";
}
