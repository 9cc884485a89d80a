// Whom the municipality is measured against, as the reader chooses: moves marks that are drawn, and says sentences again.
// Everything is worked out first and written afterwards. What is said here is said the same way in themes/rapport/text.py.
(function () {
  "use strict";
  var form = document.getElementById("valg"), held = document.getElementById("tall");
  if (!form || !held) return;
  var data = JSON.parse(held.textContent), words = data.words, names = {}, at = {}, rows = {};
  data.places.forEach(function (place, i) { names[place[0]] = place[1]; at[place[0]] = i; });
  data.rows.forEach(function (row) { rows[row.id] = row; });

  function fill(text, parts) {
    return text.replace(/\{(\d)\}/g, function (_, i) { return parts[i]; });
  }

  // as Python rounds: to the nearest, and what lies exactly between two to the even one
  function rounded(value, decimals) {
    var tens = Math.pow(10, decimals), scaled = Math.abs(value) * tens;
    if ((value * 64) % 1 === 0 && scaled % 1 === 0.5) return Math.sign(value) * 2 * Math.round(scaled / 2) / tens;
    return Number(value.toFixed(decimals));
  }

  function number(value, decimals, sign) {
    var told = rounded(value, decimals), parts = Math.abs(told).toFixed(decimals).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, words.thousands);
    return (told < 0 ? words.minus : sign && told > 0 ? "+" : "") + parts.join(words.decimal);
  }

  function plain(row, value) {
    if (!row.kr) return number(value, row.d);
    var thousands = value / 1000, whole = Math.abs(thousands % 1) === 0.5 ? 2 * Math.round(thousands / 2) : Math.round(thousands);
    return number(1000 * whole, row.d);
  }

  function listed(parts) {
    return parts.length < 2 ? parts.join("") : parts.slice(0, -1).join(", ") + " " + words.and + " " + parts[parts.length - 1];
  }

  function value(row, place) {
    var whole = row.v[at[place]];
    return whole === null || whole === undefined ? null : whole / Math.pow(10, row.d + 2);
  }

  function known(row, chosen) {
    return chosen.filter(function (place) { return value(row, place) !== null; });
  }

  function middle(row, chosen) {
    var values = known(row, chosen).map(function (place) { return value(row, place); }).sort(function (a, b) { return a - b; });
    if (values.length < data.least) return null;
    var half = values.length / 2;
    return half % 1 ? values[half - 0.5] : (values[half - 1] + values[half]) / 2;
  }

  function against(row, chosen) {
    var of = middle(row, chosen), nation = row.n === null ? [] : [fill(words.nation, [plain(row, row.n)])];
    var parts = of !== null ? [fill(words.middle, [plain(row, of)])] : known(row, chosen).map(function (place) {
      return fill(words.place, [names[place], plain(row, value(row, place))]);
    });
    parts = parts.concat(nation);
    return parts.length ? "; " + listed(parts) : "";
  }

  function people(chosen) {
    if (!data.people) return "";
    var parts = known(data.people, chosen.slice(0, 2)).map(function (place) {
      return names[place] + " " + number(value(data.people, place), 1, true);
    });
    if (data.people.n !== null) parts.push(words.all + " " + number(data.people.n, 1, true));
    return parts.length ? "; " + listed(parts) : "";
  }

  function extremes(chosen) {
    var found = [];
    data.rows.forEach(function (row) {
      var of = row.dir ? middle(row, chosen) : null, apart = row.o - of;
      if (of !== null && Math.abs(apart) > Math.max(row.noise, data.near * row.spread)) {
        found.push({ row: row, far: row.dir * apart / row.spread, of: of });
      }
    });
    found.sort(function (a, b) { return a.far - b.far; });
    function say(one, word, sign) {
      if (!one || sign * one.far <= 0) return "";
      return fill(words.extreme, [word, one.row.subject, one.row.value, one.row.year, plain(one.row, one.of)]);
    }
    var ends = { sterkest: [found[found.length - 1], words.strongest, 1], svakest: [found[0], words.weakest, -1] };
    return Object.keys(ends).reduce(function (told, name) {
      told[name] = say.apply(null, ends[name]);
      told[name + "-demo"] = told[name] !== "" && ends[name][0].row.demo;
      return told;
    }, {});
  }

  function position(row, of) {
    var all = row.v.filter(function (whole) { return whole !== null; }).map(function (whole) { return whole / Math.pow(10, row.d + 2); });
    if (row.own) all.push(row.o);
    return 100 * all.filter(function (other) { return other < of; }).length / all.length;
  }

  function sentences(chosen) {
    var told = extremes(chosen);
    told.folketall = people(chosen);
    data.rows.forEach(function (row) { told[row.id] = against(row, chosen); });
    return told;
  }

  function marks(chosen) {
    return data.strip.map(function (id) {
      var row = rows[id], of = middle(row, chosen);
      return {
        chosen: known(row, chosen).map(function (place) { return position(row, value(row, place)); }),
        middle: of === null ? [] : [position(row, of)],
      };
    });
  }

  var drawings = [].map.call(document.querySelectorAll("#rapport-strip svg"), function (svg) {
    function part(name) { return svg.querySelector("[data-mal=" + name + "]"); }
    if (!part("linjer")) return null;
    return {
      lines: [].map.call(part("linjer").querySelectorAll("path"), function (path) {
        return path.getAttribute("d").match(/-?[\d.]+/g).map(Number);
      }),
      chosen: part("valgt"), middle: part("midten"), name: part("midtens-navn"),
    };
  }).filter(function (drawing) { return drawing && drawing.chosen && drawing.middle && drawing.middle.querySelector("use"); });

  function draw(group, lines, of) {
    var mark = group.querySelector("use"), holder = mark.parentNode;
    var fresh = [];
    of.forEach(function (places, i) {
      places.forEach(function (place) {
        var copy = mark.cloneNode(true), line = lines[i];
        copy.setAttribute("x", (line[0] + place / 100 * (line[2] - line[0])).toFixed(2));
        copy.setAttribute("y", line[1]);
        copy.removeAttribute("visibility");
        fresh.push(copy);
      });
    });
    if (!fresh.length) {
      mark.setAttribute("visibility", "hidden");
      fresh = [mark];
    }
    while (holder.firstChild) holder.removeChild(holder.firstChild);
    fresh.forEach(function (one) { holder.appendChild(one); });
  }

  var columns = document.querySelectorAll("#rapport-strip tbody td:nth-child(3)"), file = document.querySelector("#rapport-strip .download");
  var line = document.querySelector(".compared"), status = form.querySelector("[role=status]"), own = form.querySelector(".own");
  var box = form.querySelector("input[list]"), list = form.querySelector(".chosen"), note = form.querySelector(".note");
  var head = line.firstChild, chosen = [], standing = data.standing;

  function show(say) {
    var told = sentences(chosen), moved = marks(chosen);
    var whom = listed(chosen.map(function (place) { return names[place]; }).concat([words.all])) + ".";
    while (head.nextSibling) line.removeChild(head.nextSibling);
    line.appendChild(document.createTextNode(" " + whom));
    [].forEach.call(document.querySelectorAll("[data-mot]"), function (part) {
      var name = part.getAttribute("data-mot");
      if (!(name in told)) return;
      part.textContent = told[name];
      if (name + "-demo" in told) end(part.parentNode, told[name] === "", told[name + "-demo"]);
    });
    drawings.forEach(function (drawing) {
      draw(drawing.chosen, drawing.lines, moved.map(function (row) { return row.chosen; }));
      draw(drawing.middle, drawing.lines, moved.map(function (row) { return row.middle; }));
      if (drawing.name) drawing.name.setAttribute("opacity", moved.some(function (row) { return row.middle.length; }) ? 1 : 0);
    });
    columns.forEach(function (cell, i) {
      var of = middle(rows[data.strip[i]], chosen);
      cell.textContent = of === null ? words.missing : number(of, 2);
    });
    if (file) file.hidden = chosen.join() !== standing.join();
    note.hidden = chosen.join() === standing.join();
    while (list.firstChild) list.removeChild(list.firstChild);
    chosen.forEach(function (place) {
      var item = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.textContent = names[place] + " ×";
      button.setAttribute("aria-label", fill(words.remove, [names[place]]));
      button.addEventListener("click", function () {
        choose(chosen.filter(function (other) { return other !== place; }), "selv", true);
        box.focus();
      });
      item.appendChild(button);
      list.appendChild(item);
    });
    if (say) status.textContent = head.textContent + " " + whom;
  }

  // the strongest and the weakest may be of another indicator, or of none
  function end(paragraph, gone, demo) {
    var mark = paragraph.querySelector(".demo");
    paragraph.hidden = gone;
    if (mark) paragraph.removeChild(mark);
    if (demo) {
      mark = document.createElement("span");
      mark.className = "demo";
      mark.textContent = words.demo;
      paragraph.appendChild(mark);
    }
  }

  function choose(places, name, say) {
    chosen = places;
    own.hidden = list.hidden = name !== "selv";
    [].forEach.call(form.querySelectorAll("[name=mot]"), function (radio) { radio.checked = radio.value === name; });
    if (say) {
      history.replaceState(null, "", "#mot=" + (name === "selv" ? places.join(",") : name));
      document.dispatchEvent(new Event("mot"));
    }
    show(say);
  }

  function fold(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[øö]/g, "o").replace(/æ/g, "ae")
      .replace(/đ/g, "d").replace(/ŧ/g, "t").replace(/ŋ/g, "n").trim();
  }

  function add() {
    var asked = fold(box.value), found = data.places.filter(function (place) { return fold(place[1]) === asked || place[0] === asked; })[0];
    if (!found) return;
    box.value = "";
    if (chosen.indexOf(found[0]) < 0 && chosen.length < data.most) choose(chosen.concat([found[0]]), "selv", true);
  }

  data.places.forEach(function (place) {
    var option = document.createElement("option");
    option.value = place[1];
    document.getElementById("kommuner").appendChild(option);
  });
  box.addEventListener("keydown", function (event) { if (event.key === "Enter") add(); });
  form.addEventListener("change", function (event) {
    if (event.target === box) add();
    else if (event.target.value === "selv") choose(chosen.slice(0, data.most), "selv", true);
    else choose(data.groups[event.target.value], event.target.value, true);
  });

  function asked() {
    var told = (location.hash.match(/^#mot=([\w,]*)$/) || [])[1];
    if (told === undefined) return false;
    if (data.groups[told]) choose(data.groups[told], told, false);
    else {
      var places = told.split(",").filter(function (place, i, all) { return place in at && all.indexOf(place) === i; });
      if (!places.length) return false;
      choose(places.slice(0, data.most), "selv", false);
    }
    return true;
  }

  form.hidden = false;
  if (!asked()) {
    choose(standing, Object.keys(data.groups).filter(function (name) {
      return data.groups[name].join() === standing.join();
    })[0] || "selv", false);
  }
  window.addEventListener("hashchange", asked);
})();
