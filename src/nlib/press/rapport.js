// Whom the municipality is measured against, as the reader chooses: moves marks that are drawn, and says sentences again.
// Everything is worked out first and written afterwards. What is said here is said the same way in themes/rapport/text.py, and
// what is drawn is drawn the same way by the forms in charts/, with charts/others.py.
(() => {
"use strict";
const form = document.getElementById("valg"), held = document.getElementById("tall");
if (!form || !held) return;
const data = JSON.parse(held.textContent), words = data.words, names = {}, at = {}, rows = {};
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
data.places.forEach(([place, name], i) => { names[place] = name; at[place] = i; });

// the numbers of all places, n of each, as `packed` in charts/others.py writes them
function unpack([few, text], n) {
  const values = [];
  for (let i = 0, known = 0; i < text.length;) {
    if (values.length % n === 0) known = 0;
    if (text[i] === "!") {
      values.push(null);
      i += 1;
      continue;
    }
    let folded = 0, size = 1, letter;
    do {
      letter = SIGNS.indexOf(text[i++]);
      folded += (letter & 31) * size;
      size *= 32;
    } while (letter > 31);
    known += folded % 2 ? -(folded + 1) / 2 : folded / 2;
    values.push(known / 10 ** few);
  }
  return data.places.map((_, i) => values.slice(i * n, i * n + n));
}

data.rows.concat(data.people || []).forEach((row) => {
  row.v = unpack(row.v, 1).map(([value]) => value);
  rows[row.id] = row;
});

const fill = (text, parts) => text.replace(/\{(\d)\}/g, (_, i) => parts[i]);
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
const brief = (name) => name.split(" (")[0];
const even = (value) => Math.round(value) - (Math.abs(value % 1) === 0.5 && Math.round(value) % 2 ? 1 : 0);
const listed = (parts) => parts.length < 2 ? parts.join("") : parts.slice(0, -1).join(", ") + " " + words.and + " " + parts[parts.length - 1];
const MOST = 13; // rows of a figure: its own and as many as a reader may choose
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

// as `nearest` in core/language.py: a half goes away from zero
function rounded(value, decimals) {
  const tens = 10 ** decimals;
  return Math.sign(value) * Math.floor(Math.abs(value) * tens + 0.5 + 1e-9) / tens;
}

function number(value, decimals, sign) {
  if (value === null) return words.missing;
  const told = rounded(value, decimals), parts = Math.abs(told).toFixed(decimals).split(".");
  parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, words.thousands);
  return (told < 0 ? words.minus : sign && told > 0 ? "+" : "") + parts.join(words.decimal);
}

// as pandas writes it in a file
function written(value, decimals, whole) {
  if (value === null) return words.missing;
  if (whole) return String(value);
  const tens = 10 ** (decimals + 2), told = even(value * tens) / tens;
  return (String(told) + (told % 1 ? "" : ".0")).replace(".", words.decimal);
}

function plain(row, value) {
  return number(row.kr ? 1000 * even(value / 1000) : value, row.d, row.sign);
}

function some(places) {
  const told = places.map((place) => names[place]);
  return told.length < 5 ? listed(told) : told.slice(0, 3).join(", ") + " " + words.and + " " + fill(words.more, [told.length - 3]);
}

const value = (row, place) => row.v[at[place]];
const known = (row, chosen) => chosen.filter((place) => value(row, place) !== null);

function median(values) {
  if (values.length < data.least) return null;
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length / 2;
  return half % 1 ? sorted[half - 0.5] : (sorted[half - 1] + sorted[half]) / 2;
}

const middle = (row, chosen) => median(known(row, chosen).map((place) => value(row, place)));

// -- what is said

function against(row, chosen) {
  if (!row.own) return "";
  const of = middle(row, chosen), there = known(row, chosen), unknown = chosen.filter((place) => !there.includes(place));
  const parts = of !== null ? [fill(words.middle, [plain(row, of)])]
    : there.map((place) => fill(words.place, [names[place], plain(row, value(row, place))]));
  if (row.n !== null) parts.push(fill(words.nation, [plain(row, row.n)]));
  return [listed(parts), unknown.length ? fill(words.none, [some(unknown)]) : ""].map((part) => part && "; " + part).join("");
}

function extremes(chosen) {
  const found = [], told = {};
  data.rows.forEach((row) => {
    const of = row.dir ? middle(row, chosen) : null, apart = row.o - of;
    const seen = of !== null && plain(row, row.o) !== plain(row, of);
    if (seen && Math.abs(apart) > Math.max(row.noise, data.near * row.spread)) found.push({ row, far: row.dir * apart / row.spread, of });
  });
  found.sort((a, b) => a.far - b.far);
  [["sterkest", found[found.length - 1], words.strongest, 1], ["svakest", found[0], words.weakest, -1]].forEach(([name, one, word, sign]) => {
    const there = one && sign * one.far > 0;
    told[name] = there ? fill(words.extreme, [word, one.row.subject, one.row.value, one.row.year, plain(one.row, one.of)]) : "";
    told[name + "-demo"] = Boolean(there && one.row.demo);
  });
  return told;
}

function sentences(chosen) {
  const told = extremes(chosen);
  told.folketall = data.people ? against(data.people, chosen) : "";
  told.hvem = some(chosen) || words.nobody;
  data.rows.forEach((row) => { told[row.id] = against(row, chosen); });
  return told;
}

// -- what is drawn: each drawing and table is begun again from how Python made it

const scale = (part) => part.getAttribute("data-akse").split(" ").map(Number);
const parts = (svg, name) => [...svg.querySelectorAll(`[data-mal="${name}"]`)];

function seen(part) {
  [part, ...part.querySelectorAll("*")].forEach((one) => ["opacity", "fill-opacity", "stroke-opacity"].forEach((name) => {
    if (one.getAttribute(name) === "0") one.removeAttribute(name);
  }));
}

// a copy of what is drawn for each item; which of those drawn is copied is its template
function redraw(drawn, items, set, template = () => 0) {
  if (!drawn.length) return;
  const before = drawn[drawn.length - 1].nextSibling, holder = drawn[0].parentNode;
  const fresh = items.map((item, i) => {
    const copy = (drawn[template(item, i)] || drawn[0]).cloneNode(true);
    seen(copy);
    set(copy, item, i);
    return copy;
  });
  drawn.forEach((one) => one.remove());
  fresh.forEach((one) => holder.insertBefore(one, before));
}

const marks = (svg, name) => parts(svg, name).flatMap((part) => [[...part.querySelectorAll("use")]]);
const paths = (svg, name) => parts(svg, name).flatMap((part) => [...part.querySelectorAll("path")]);
const texts = (part) => [...part.querySelectorAll("text")];

function put(mark, x, y) {
  mark.setAttribute("x", x.toFixed(2));
  mark.setAttribute("y", y.toFixed(2));
}

const line = (x, y, right, low) => `M${x.toFixed(1)} ${y.toFixed(1)}L${right.toFixed(1)} ${low.toFixed(1)}`;

// those that are shown beside the figure's own, as `Others.columns` has them
function columns(told, chosen) {
  const all = (values) => values.every((one) => one !== null), any = (values) => values.some((one) => one !== null);
  const each = chosen.map((place) => ({ place, v: told.values[at[place]] }))
    .filter(({ v }) => told.whole === undefined ? any(v) : all(v) && v[0] > 0);
  const across = (of) => each.length ? each[0].v.map((_, i) => of(each.map(({ v }) => v[i]).filter((one) => one !== null))) : [];
  const shown = each.length < data.least
    ? each.map(({ place, v }) => ({ name: fill(told.called[1], [names[place]]), brief: fill(told.called[1], [brief(names[place])]), v }))
    : [{ name: told.called[0], brief: told.called[0], middle: true, v: across(told.whole === undefined ? median : (v) => v.reduce((a, b) => a + b)) }];
  if (told.whole !== undefined) shown.forEach((one) => { const first = one.v[0]; one.v = one.v.map((v) => told.whole * v / first); });
  return { each, shown };
}

// ascending levels moved so that each has its room, all at or under the roof: `spread` in charts/form.py
function spread(levels, gaps, roof) {
  const moved = [...levels];
  for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + (gaps[i - 1] + gaps[i]) / 2);
  for (let i = moved.length - 1; i >= 0; i--) {
    moved[i] = Math.min(moved[i], roof);
    roof = moved[i] - (i ? (gaps[i] + gaps[i - 1]) / 2 : 0);
  }
  return moved;
}

// how much of a line between two values lies between two levels: from and to, of its length
function inside(one, other, low, high) {
  if (one === other) return one < low || one > high ? [1, 0] : [0, 1];
  const ends = [low, high].map((level) => (level - one) / (other - one)).sort((a, b) => a - b);
  return [Math.max(0, ends[0]), Math.min(1, ends[1])];
}

function lines(svg, told, { shown }, part) {
  const drawn = parts(svg, part + "linje");
  if (!drawn.length) return;
  const [ax, bx, ay, by, low, high] = scale(drawn[0]), X = (x) => ax + bx * x, Y = (y) => ay + by * clamp(y, low, high);
  redraw(drawn, shown, (copy, { v }, i) => {
    let d = "", pen = false;
    const cut = (k) => told.cut && told.years[k] >= told.cut && told.years[k - 1] < told.cut;
    const joined = (k) => k > 0 && k < v.length && v[k - 1] !== null && v[k] !== null && !cut(k);
    v.forEach((one, k) => {
      const before = v[k - 1], year = told.years[k], [from, to] = joined(k) ? inside(before, one, low, high) : [1, 0];
      if (one !== null && !joined(k) && !joined(k + 1) && one >= low && one <= high) d += line(X(year - 0.2), Y(one), X(year + 0.2), Y(one));
      const point = (t) => `${(X(told.years[k - 1]) * (1 - t) + X(told.years[k]) * t).toFixed(1)} ${Y(before * (1 - t) + one * t).toFixed(1)}`;
      if (from < to) d += (pen && from === 0 ? "" : "M" + point(from)) + "L" + point(to);
      pen = from < to && to === 1;
    });
    copy.querySelector("path").setAttribute("d", d);
    if (i) copy.querySelector("path").setAttribute("stroke-dasharray", "1.4,2.31");
  });
  const fixed = parts(svg, part + "fast-navn"), leaders = parts(svg, part + "fast-strek"), mine = parts(svg, part + "andres-navn");
  const right = Number(leaders[0].querySelector("path").getAttribute("d").match(/-?[\d.]+/g)[2]);
  const height = Number(texts(mine[0])[0].getAttribute("font-size")) * 1.22 / Math.abs(by), base = scale(mine[0])[2];
  const ends = fixed.map((part, i) => ({ part, leader: leaders[i], v: scale(part)[0], x: scale(part)[1], from: scale(part)[2] }));
  shown.forEach((one) => {
    const last = one.v.reduce((last, v, i) => v === null ? last : i, -1);
    if (last >= 0) ends.push({ one, v: one.v[last], x: told.years[last], from: base });
  });
  ends.sort((a, b) => a.v - b.v);
  const gaps = ends.map(({ part }) => height * texts(part || mine[0]).length);
  spread(ends.map(({ v }) => clamp(v, low, high)), gaps, high).forEach((level, i) => { ends[i].level = level; });
  const lead = ({ x, v, level }) => line(X(x), Y(v), right, ay + by * level), move = ({ level, from }) => `translate(0 ${(by * (level - from)).toFixed(2)})`;
  ends.filter(({ part }) => part).forEach((end) => {
    end.part.setAttribute("transform", move(end));
    end.leader.querySelector("path").setAttribute("d", lead(end));
  });
  const others = ends.filter(({ one }) => one), small = parts(svg, part + "tegn");
  redraw(parts(svg, part + "andres-strek"), others, (copy, end) => {
    copy.querySelector("path").setAttribute("d", lead(end));
    copy.querySelector("path").setAttribute("stroke-opacity", 0.6);
  });
  redraw(mine, others, (copy, end) => {
    const all = texts(copy), last = number(end.v, told.d) + told.unit + (end.v > high ? " ↑" : end.v < low ? " ↓" : "");
    copy.setAttribute("transform", move(end));
    all[all.length - 1].textContent = all.length > 1 || small.length ? last : end.one.brief + " " + last;
    if (all.length > 1) all[0].textContent = end.one.brief;
  });
  redraw(small, shown, (copy, one, i) => {
    copy.setAttribute("transform", `translate(${(i * scale(small[0])[0]).toFixed(1)} 0)`);
    texts(copy)[0].textContent = (i ? "···" : "– –") + " " + one.brief;
  });
}

function position(row, of) {
  const all = row.v.filter((one) => one !== null).concat(row.own ? row.o : []);
  return 100 * all.filter((other) => other < of).length / all.length;
}

function strip(svg, told, { each, shown }) {
  const [ax, bx, ay, by, low, high] = scale(parts(svg, "0valgt")[0]);
  const place = (v, i) => told.ids ? position(rows[told.ids[i]], v) : clamp(v, low, high);
  const points = (all) => all.flatMap(({ v }) => v.flatMap((one, i) => one === null ? [] : [[ax + bx * place(one, i), ay + by * i]]));
  const set = (copy, [x, y]) => put(copy, x, y), of = points(shown.filter((one) => one.middle));
  marks(svg, "0valgt").forEach((drawn) => redraw(drawn, points(each), set));
  marks(svg, "0midten").forEach((drawn) => redraw(drawn, of, set));
  parts(svg, "0midtens-navn").forEach((part) => {
    seen(part);
    if (!of.length) part.setAttribute("opacity", 0);
  });
}

// the rows of those that are shown by name, as `Everyone.shown` has them; what is shown stands where its place is
function ordered(told, chosen) {
  const all = chosen.map((place) => ({ place, name: names[place], v: told.cols.map((col) => col.values[at[place]][0]) }))
    .filter(({ v }) => v[told.order] !== null);
  return all.concat({ place: data.own, own: true, v: told.own }).sort((a, b) => a.place < b.place ? -1 : 1)
    .sort((a, b) => b.v[told.order] - a.v[told.order]);
}

// where something is that has no room on a scale, as an arrow after a name or a number
const beyond = (values, low, high, [under, over]) => {
  const there = values.filter((one) => one !== null);
  return there.some((one) => one < low) ? " " + under : there.some((one) => one > high) ? " " + over : "";
};

// those nearest a figure's own, where there are more than it has room for
function nearest(all) {
  const first = clamp(all.findIndex((one) => one.own) - MOST / 2, 0, Math.max(0, all.length - MOST));
  return all.slice(first, first + MOST);
}

function named(svg, told, every) {
  const all = nearest(every), left = every.length - all.length, count = all.length + (left > 0 ? 1 : 0);
  const [ax, bx, ay, by, low, high, slots] = scale(parts(svg, "0linjer")[0]), X = (x) => ax + bx * clamp(x, low, high);
  const Y = (i) => ay + by * ((i + 0.5) * slots / count - 0.5), own = ordered(told, data.standing).findIndex((one) => one.own);
  const which = (one) => one.own ? own : own ? 0 : 1;
  const ends = paths(svg, "0linjer")[0].getAttribute("d").match(/-?[\d.]+/g).map(Number);
  redraw(paths(svg, "0linjer"), all, (copy, _, i) => copy.setAttribute("d", line(ends[0], Y(i), ends[2], Y(i))));
  redraw(paths(svg, "0spenn"), all, (copy, { v }, i) => copy.setAttribute("d", line(X(v[told.marks]), Y(i), X(v[told.marks + 1]), Y(i))), which);
  for (let mark = 0; mark < told.marks; mark++) {
    marks(svg, "0merke" + mark).forEach((drawn) => redraw(drawn, all, (copy, { v }, i) => put(copy, X(v[mark]), Y(i))));
  }
  ["0navn", "0tall"].forEach((name) => {
    const mine = parts(svg, name + "-eget")[0], theirs = parts(svg, name), text = texts(mine)[0];
    const under = Number(text.getAttribute("y")) - (ay + by * scale(mine)[0]);
    const set = (copy, one, i) => {
      texts(copy)[0].setAttribute("y", (Y(one.left ? all.length : all.indexOf(one)) + under).toFixed(2));
      const out = name === "0tall" ? beyond(one.v.slice(0, told.marks + 2), low, high, "←→") : "";
      if (name === "0tall") texts(copy)[0].textContent = fill(told.text, told.cols.map((col, k) => number(one.v[k], col.d))) + out;
      else if (!one.own) texts(copy)[0].textContent = one.name;
    };
    set(mine, all.find((one) => one.own));
    redraw(theirs.length ? theirs : [mine.parentNode.insertBefore(mine.cloneNode(true), mine)], all.filter((one) => !one.own).concat(left && name === "0navn" ? { left, name: fill(words.more, [left]) } : []), set);
  });
}

function scatter(svg, told, all) {
  const [ax, bx, ay, by, left, right, low, high] = scale(parts(svg, "0merker")[0]), chosen = all.filter((one) => !one.own);
  const X = (x) => ax + bx * clamp(x, left, right), Y = (y) => ay + by * clamp(y, low, high), [across, up] = told.ends;
  marks(svg, "0merker").forEach((drawn) => redraw(drawn, chosen, (copy, { v }) => put(copy, X(v[1]), Y(v[0]))));
  redraw(paths(svg, "0vannrett"), chosen, (copy, { v }) => copy.setAttribute("d", line(X(v[across[0]]), Y(v[0]), X(v[across[1]]), Y(v[0]))));
  redraw(paths(svg, "0loddrett"), chosen, (copy, { v }) => copy.setAttribute("d", line(X(v[1]), Y(v[up[0]]), X(v[1]), Y(v[up[1]]))));
  const mine = parts(svg, "0navn-eget"), theirs = parts(svg, "0navn"), example = texts(mine[0] || theirs[0] || svg)[0];
  const size = Number(example.getAttribute("font-size")), points = all.map(({ v }) => [X(v[1]), Y(v[0])]), taken = [], placed = [];
  points.forEach(([x, y]) => taken.push([x - 4, y - 4, x + 4, y + 4]));
  const spans = all.flatMap(({ v }) => [
    [X(v[across[0]]), Y(v[0]) - 1, X(v[across[1]]), Y(v[0]) + 1], [X(v[1]) - 1, Y(v[up[1]]), X(v[1]) + 1, Y(v[up[0]])],
  ]);
  const out = ({ v }) => beyond([v[1], v[across[0]], v[across[1]]], left, right, "←→") + beyond([v[0], v[up[0]], v[up[1]]], low, high, "↓↑");
  const first = (one) => one.own ? 2 : out(one) ? 1 : 0;
  all.map((one, i) => [one, points[i]]).sort(([a], [b]) => first(b) - first(a)).forEach(([one, [x, y]]) => {
    const name = one.own ? texts(mine[0])[0].textContent : one.name + out(one), wide = name.length * size * (one.own ? 0.75 : 0.66);
    const free = [6, 14, 24, 36].flatMap((away) => [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]].map(([dx, dy]) => {
      const start = x + dx * away * (dy ? 0.7 : 1) - wide * (1 - dx) / 2, level = y + dy * (away * 0.7 + size / 2);
      return [start, level - size * 0.6, start + wide, level + size * 0.6, away];
    })).filter((box) => box[0] > X(left) && box[2] < X(right) && box[1] > Y(high) && box[3] < Y(low) && !taken.some((other) => overlap(box, other)));
    const found = free.find((box) => !spans.some((other) => overlap(box, other))) || free[0];
    if (!found) return;
    taken.push(found);
    placed.push({ one, name, box: found, x, y });
  });
  const set = (copy, { name, box }) => {
    const text = texts(copy)[0];
    put(text, box[0], box[1] + size * 0.92);
    text.textContent = name;
  };
  const far = placed.filter(({ box }) => box[4] > 6);
  redraw(paths(svg, "0snor"), far, (copy, { box, x, y }) => copy.setAttribute("d", line(x, y, clamp(x, box[0], box[2]), clamp(y, box[1], box[3]))));
  redraw(mine, placed.filter(({ one }) => one.own), set);
  redraw(theirs, placed.filter(({ one }) => !one.own), set);
}

// -- tables and their files

function cell(tag, text, count) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (tag === "th") made.setAttribute("scope", count === "row" ? "row" : "col");
  if (count === true) made.className = "number";
  return made;
}

// the cells of a row after the one at a place: so many are taken out, and others put in
function exchange(row, place, gone, fresh) {
  for (let i = 0; i < gone; i++) row.cells[place + 1].remove();
  const before = row.cells[place + 1] || null;
  fresh.forEach((one) => row.insertBefore(one, before));
}

function withColumns(table, grid, told, { shown }, gone) {
  const heads = [...table.tHead.rows[0].cells], place = heads.findIndex((head) => head.textContent === told.after);
  const titles = shown.map(({ name }) => fill(told.head, [capital(name)]));
  exchange(table.tHead.rows[0], place, gone, titles.map((title) => cell("th", title, true)));
  grid[0].splice(place + 1, gone, ...titles);
  [...table.tBodies[0].rows].forEach((row, i) => {
    const of = told.years ? told.years.indexOf(Number(row.cells[0].textContent)) : i;
    const values = shown.map(({ v }) => of < 0 ? null : v[of]);
    exchange(row, place, gone, values.map((one) => cell("td", number(one, told.d), true)));
    grid[i + 1].splice(place + 1, gone, ...values.map((one) => written(one, told.d)));
  });
}

function withRows(table, grid, told, all, own) {
  const body = table.tBodies[0], mine = body.rows[own], told_ = grid[own + 1];
  const made = all.map((one) => {
    if (one.own) return [mine, told_];
    const row = document.createElement("tr"), whole = (k) => told.whole.includes(k);
    row.append(cell("th", one.name, "row"), ...one.v.map((value, k) => cell("td", number(value, told.cols[k].d), true)));
    return [row, [one.name, ...one.v.map((value, k) => written(value, told.cols[k].d, whole(k)))]];
  });
  body.replaceChildren(...made.map(([row]) => row));
  grid.splice(1, grid.length - 1, ...made.map(([, cells]) => cells));
}

const FILE = "data:text/csv;charset=utf-8,";
const figures = [...document.querySelectorAll("figure.chart > script")].map((script) => {
  const figure = script.parentNode, told = JSON.parse(script.textContent), all = told.parts || [told];
  all.forEach((one) => {
    if (one.kind === "lines") one.values = unpack(one.v, one.years.length);
    else if (one.ids) one.values = data.places.map((_, i) => one.ids.map((id) => rows[id].v[i]));
    else if (one.kind === "strip") one.values = unpack(one.v, one.n);
    else one.cols = one.cols.map(([few, text, d]) => ({ values: unpack([few, text], 1), d }));
  });
  const download = figure.querySelector(".download"), now = [...figure.querySelectorAll("svg")], table = figure.querySelector("table");
  const file = download.getAttribute("href"), grid = decodeURIComponent(file.slice(FILE.length)).trim().split("\r\n").map((row) => row.split(";"));
  return {
    all, download, now: [...now, table], made: [...now, table].map((one) => one.cloneNode(true)), file, grid,
    ends: grid.map((row) => row.splice(row.length - download.dataset.ends)), // what every row says
  };
});

// what a figure is to be: its drawings, its table and its file
function drawn(figure, chosen) {
  const fresh = figure.made.map((one) => one.cloneNode(true)), table = fresh[fresh.length - 1];
  if (chosen.join() === data.standing.join()) return { fresh, file: figure.file };
  const grid = figure.grid.map((row) => [...row]), drawings = fresh.slice(0, -1);
  figure.all.forEach((told, part) => {
    if (told.cols) {
      const all = ordered(told, chosen), own = ordered(told, data.standing).findIndex((one) => one.own);
      drawings.forEach((svg) => (told.kind === "scatter" ? scatter : named)(svg, told, all));
      withRows(table, grid, told, all, own);
    } else {
      const of = columns(told, chosen);
      drawings.forEach((svg) => (told.kind === "lines" ? lines : strip)(svg, told, of, part));
      withColumns(table, grid, told, of, columns(told, data.standing).shown.length);
    }
  });
  return { fresh, file: FILE + encodeURIComponent("\ufeff" + grid.map((row, i) => [...row, ...figure.ends[Math.min(i, 1)]].join(";") + "\r\n").join("")) };
}

// -- the control

const head = document.querySelector(".compared").firstChild, status = form.querySelector("[role=status]"), own = form.querySelector(".own");
const box = form.querySelector("input[list]"), list = form.querySelector(".chosen");
let chosen = [];

function show(say) {
  const told = sentences(chosen), fresh = figures.map((figure) => drawn(figure, chosen));
  const whom = listed(chosen.map((place) => names[place]).concat(words.all)) + ".";
  while (head.nextSibling) head.nextSibling.remove();
  head.parentNode.append(" " + whom);
  document.querySelectorAll("[data-mot]").forEach((part) => {
    const name = part.getAttribute("data-mot");
    if (!(name in told)) return;
    part.textContent = told[name];
    if (name + "-demo" in told) end(part.parentNode, told[name] === "", told[name + "-demo"]);
  });
  figures.forEach((figure, i) => {
    fresh[i].fresh.forEach((one, k) => figure.now[k].replaceWith(one));
    figure.now = fresh[i].fresh;
    figure.download.setAttribute("href", fresh[i].file);
  });
  list.replaceChildren(...chosen.map((place) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = names[place] + " ×";
    button.setAttribute("aria-label", fill(words.remove, [names[place]]));
    button.addEventListener("click", () => {
      choose(chosen.filter((other) => other !== place), "selv", true);
      box.focus();
    });
    item.append(button);
    return item;
  }));
  if (say) tell(head.textContent + " " + whom);
}

// what is said to all who listen, and shown too where something was not done
function tell(text, fault) {
  status.textContent = text;
  status.classList.toggle("hidden", !fault);
}

// the strongest and the weakest may be of another indicator, or of none
function end(paragraph, gone, demo) {
  const mark = paragraph.querySelector(".demo");
  paragraph.hidden = gone;
  if (mark) mark.remove();
  if (!demo) return;
  const made = document.createElement("span");
  made.className = "demo";
  made.textContent = words.demo;
  paragraph.append(/\s$/.test(paragraph.textContent) ? "" : " ", made);
}

function choose(places, name, say) {
  chosen = places;
  own.hidden = list.hidden = name !== "selv";
  form.querySelectorAll("[name=mot]").forEach((radio) => { radio.checked = radio.value === name; });
  if (say) {
    history.replaceState(null, "", "#mot=" + (name === "selv" ? places.join(",") : name));
    document.dispatchEvent(new Event("mot"));
  }
  show(say);
}

function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[øö]/g, "o").replace(/æ/g, "ae")
    .replace(/đ/g, "d").replace(/ŧ/g, "t").replace(/ŋ/g, "n").replace(/[\s–-]+/g, " ").trim();
}

function add() {
  const asked = fold(box.value), called = (by) => data.places.filter(([place, ...all]) => place === asked || all.some((name) => fold(by(name)) === asked));
  const whole = called((name) => name), [found, ...more] = whole.length ? whole : called(brief);
  const there = found && chosen.includes(found[0]);
  if (!asked) return;
  if (!found) return tell(fill(words.unknown, [box.value.trim()]), true);
  if (more.length) return tell(fill(words.several, [brief(found[1]), [found, ...more].map(([, name]) => name).join(" " + words.or + " ")]), true);
  if (!there && chosen.length >= data.most) return tell(fill(words.full, [data.most]), true);
  box.value = "";
  choose(there ? chosen : [...chosen, found[0]], "selv", true);
}

// those that there is room for, and how many there is not
function first(places, say) {
  const left = places.length - data.most;
  choose(places.slice(0, data.most), "selv", say);
  if (left > 0) tell(fill(words.first, [data.most, left]), true);
}

document.getElementById("kommuner").append(...data.places.map(([, name]) => {
  const option = document.createElement("option");
  option.value = name;
  return option;
}));
box.addEventListener("keydown", (event) => { if (event.key === "Enter") add(); });
form.addEventListener("change", (event) => {
  if (event.target === box) add();
  else if (event.target.value === "selv") first(chosen, true);
  else choose(data.groups[event.target.value], event.target.value, true);
});

function asked() {
  const told = (location.hash.match(/^#mot=(.*)$/) || [])[1];
  if (told === undefined) return false;
  const numbers = data.groups[told] ? [] : told.split(",").filter((place, i, all) => place && all.indexOf(place) === i);
  const places = numbers.filter((place) => place in at), unknown = numbers.filter((place) => !(place in at));
  tell("");
  if (data.groups[told]) choose(data.groups[told], told, false);
  else if (places.length || !numbers.length) first(places, false);
  if (unknown.length) tell(fill(words.dropped, [unknown.join(", ")]), true);
  return !numbers.length || places.length > 0;
}

form.hidden = false;
if (!asked()) {
  choose(data.standing, Object.keys(data.groups).find((name) => data.groups[name].join() === data.standing.join()) || "selv", false);
}
window.addEventListener("hashchange", asked);
})();
