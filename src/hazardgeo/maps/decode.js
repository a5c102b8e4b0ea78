// Unpacks the records of a large page: outlines into arrays of numbers, and records that tell their words when asked.

// Resolves when `data.records` and `data.outlines` are there.
async function unpackRecords(data) {
  if (!("DecompressionStream" in window)) throw new Error("this browser lacks DecompressionStream. Open the file in Chrome or Edge from 80, Firefox from 113 or Safari from 16.4 on");
  const { compact } = data;
  const [outlines, columns, texts] = await Promise.all([inflated(compact.outlines), inflated(compact.columns), inflated(compact.texts)]);
  const words = JSON.parse(new TextDecoder().decode(texts));
  const numbers = makeReader(columns);
  const store = { ids: words.ids, texts: words.texts, columns: compact.lengths.map((length) => numbers(length)) };
  data.records = [];
  data.layers = compact.layers.map((layer) => ({ ...layer, ...store, from: 0 }));
  for (const layer of data.layers) {
    layer.from = data.records.length;
    for (let place = 0; place < layer.count; place += 1) data.records.push(new PackedRecord(layer, place));
  }
  data.outlines = readOutlines(outlines, data.records.length, compact.world);
  for (const name of ["outlines", "columns", "texts"]) delete compact[name];
}

async function inflated(base64) {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// Whole numbers stand as four planes, all their lowest bytes first.
function makeReader(bytes) {
  let at = 0;
  return (count) => {
    const numbers = new Uint32Array(count);
    const [b, c, d] = [at + count, at + 2 * count, at + 3 * count];
    for (let i = 0; i < count; i += 1) numbers[i] = bytes[at + i] | (bytes[b + i] << 8) | (bytes[c + i] << 16) | (bytes[d + i] << 24);
    at += 4 * count;
    if (at > bytes.length) throw new Error("the records of this file are not whole");
    return numbers;
  };
}

const startsOf = (counts) => {
  const starts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) starts[i + 1] = starts[i] + counts[i];
  return starts;
};

// Corners in steps of the world's width in Web Mercator; which rings make a part, and which parts a record; boxes of records.
function readOutlines(bytes, count, world) {
  const numbers = makeReader(bytes);
  const partOf = startsOf(numbers(count));
  const ringOf = startsOf(numbers(partOf[count]));
  const cornerOf = startsOf(numbers(ringOf[partOf[count]]));
  const corners = readCorners(numbers(2 * cornerOf[cornerOf.length - 1]), cornerOf);
  const outlines = { count, unit: 256 / world, partOf, ringOf, cornerOf, ...corners };
  return { ...outlines, ...boxesOf(outlines) };
}

function readCorners(zigzag, cornerOf) {
  const [xs, ys] = [new Int32Array(zigzag.length / 2), new Int32Array(zigzag.length / 2)];
  const step = (i) => (zigzag[i] >>> 1) ^ -(zigzag[i] & 1);
  let [firstX, firstY] = [0, 0];
  for (let ring = 0; ring + 1 < cornerOf.length; ring += 1) {
    let [x, y] = [firstX, firstY];
    for (let i = cornerOf[ring]; i < cornerOf[ring + 1]; i += 1) {
      x += step(2 * i);
      y += step(2 * i + 1);
      xs[i] = x;
      ys[i] = y;
    }
    if (cornerOf[ring] < cornerOf[ring + 1]) [firstX, firstY] = [xs[cornerOf[ring]], ys[cornerOf[ring]]];
  }
  return { xs, ys };
}

function boxesOf({ count, partOf, ringOf, cornerOf, xs, ys }) {
  const [left, top, right, bottom] = [0, 1, 2, 3].map(() => new Int32Array(count));
  for (let i = 0; i < count; i += 1) {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = cornerOf[ringOf[partOf[i]]]; k < cornerOf[ringOf[partOf[i + 1]]]; k += 1) {
      if (xs[k] < x0) x0 = xs[k];
      if (xs[k] > x1) x1 = xs[k];
      if (ys[k] < y0) y0 = ys[k];
      if (ys[k] > y1) y1 = ys[k];
    }
    [left[i], top[i], right[i], bottom[i]] = [x0, y0, x1, y1];
  }
  return { left, top, right, bottom };
}

// The same properties as a record of a small page, each told when it is asked for.
class PackedRecord {
  constructor(layer, place) {
    this.layer = layer;
    this.place = place;
  }
  get id() { return this.layer.ids[this.layer.from + this.place]; }
  get style() { return this.layer.styles[this.layer.columns[this.layer.style][this.place]].key; }
  get group() { return this.layer.styles[this.layer.columns[this.layer.style][this.place]].group; }
  get unsure() { return this.layer.columns[this.layer.unsure][this.place] === 1; }
  get country() { return textAt(this.layer, this.layer.country, this.place); }
  get register() { return textAt(this.layer, this.layer.row[2], this.place); }
  get m2() {
    const whole = this.layer.columns[this.layer.area.m2][this.place];
    return whole ? whole - 1 : null;
  }
  get row() {
    const { area, row } = this.layer;
    return [...row.map((column) => textAt(this.layer, column, this.place)), area.said[this.place] ?? areaFigures(this.m2)[1]];
  }
  get facts() {
    return this.layer.facts.map(([word, column]) => [word, textAt(this.layer, column, this.place)]).filter(([, text]) => text !== null);
  }
}

// The text of one record in a column; null where it has none.
function textAt({ columns, texts }, { codes, texts: own, m2, said }, place) {
  if (said === undefined) return columns[codes][place] ? texts[own][columns[codes][place] - 1] : null;
  if (said[place] !== undefined) return said[place];
  return columns[m2][place] ? areaWords(columns[m2][place] - 1) : null;
}

// As Python prints areas from 1000 m² on: km² with three decimals, mi² with as many significant digits.
function areaFigures(m2) {
  const km2 = (m2 / 1e6).toFixed(3);
  const digits = km2.replace(".", "").replace(/^0+/, "").length;
  const mi2 = m2 / 2589988.110336;
  const exponent = Number(mi2.toExponential(digits - 1).split("e")[1]);
  return [inGroups(m2, 0), inGroups(m2 / 1e6, 3), inGroups(mi2, digits - 1 - exponent)];
}

const areaWords = (m2) => areaFigures(m2).map((figure, i) => `${figure} ${["m²", "km²", "mi²"][i]}`).join(" = ");

// For a search: which rows hold every one of some words. The texts of a column are read once each, not once for each record.
const AREA_SIGNS = /^[0-9.=m²ki]+$/;

function packedSearch(data, words) {
  const finders = new Map(data.layers.map((layer) => [layer, words.map((word) => finderOf(layer, word))]));
  return ({ record }) => finders.get(record.layer).every((has) => has(record));
}

function finderOf(layer, word) {
  const columns = [...layer.row, ...layer.facts.map(([, column]) => column)].map((column) => columnFinder(layer, column, word)).filter(Boolean);
  return ({ id, place }) => columns.some((has) => has(place)) || plain(id).includes(word);
}

function columnFinder(layer, column, word) {
  if (column.said === undefined) {
    const has = layer.texts[column.texts].map((text) => plain(text).includes(word));
    const codes = layer.columns[column.codes];
    return has.includes(true) ? (place) => codes[place] > 0 && has[codes[place] - 1] : null;
  }
  if (AREA_SIGNS.test(word)) return (place) => (textAt(layer, column, place) ?? "").includes(word);
  const said = new Set(Object.keys(column.said).filter((place) => column.said[place].includes(word)).map(Number));
  return said.size ? (place) => said.has(place) : null;
}
