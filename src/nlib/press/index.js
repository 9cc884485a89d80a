(function () {
  var field = document.getElementById("sok"), told = document.getElementById("treff"), named = document.getElementById("kartnavn");
  var places = all("[data-words]"), counties = all(".county"), rows = all("#tall tbody tr"), heads = all("#tall thead th");
  var order = new Map(rows.map(function (row, at) { return [row, at]; }));
  function all(selector) { return Array.from(document.querySelectorAll(selector)); }
  function fold(text) {
    return text.toLowerCase().replace(/ø/g, "o").replace(/æ/g, "ae").replace(/đ/g, "d").replace(/ŧ/g, "t").replace(/ŋ/g, "n")
      .normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\s–-]+/g, " ").trim();
  }
  function search() {
    var words = fold(field.value).split(" ").filter(Boolean), hits = [];
    places.forEach(function (place) {
      var own = place.getAttribute("data-words");
      place.hidden = !words.every(function (word) { return own.indexOf(word) >= 0; });
      if (!place.hidden) hits.push(place);
    });
    counties.forEach(function (county) { county.hidden = !county.querySelector("[data-words]:not([hidden])"); });
    var found = new Set(hits.map(function (place) { return place.id; }));
    rows.forEach(function (row) { row.hidden = !found.has("k" + row.getAttribute("data-nr")); });
    document.body.classList.toggle("searching", words.length > 0);
    told.textContent = words.length ? hits.length + " " + told.getAttribute(hits.length === 1 ? "data-one" : "data-many") : "";
  }
  function arrive() {
    var place = places.find(function (place) { return "#" + place.id === location.hash; }), link = place && place.querySelector("a");
    if (link) link.focus();
  }
  function value(row, column) {
    var text = row.cells[column].textContent;
    var plain = document.documentElement.lang === "en" ? text.replace(/,/g, "") : text.replace(/\s/g, "").replace(",", ".");
    return column < 2 ? text : parseFloat(plain.replace("\u2212", "-"));
  }
  function sort(column, direction) {
    heads.forEach(function (head, at) {
      if (at === column) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    rows.map(function (row) { return [row, column ? value(row, column) : order.get(row)]; }).sort(function (a, b) {
      var gone = (a[1] !== a[1]) - (b[1] !== b[1]);
      var first = typeof a[1] === "string" ? a[1].localeCompare(b[1], "nb") : a[1] - b[1];
      return gone || direction * first || order.get(a[0]) - order.get(b[0]);
    }).forEach(function (pair) { pair[0].parentNode.appendChild(pair[0]); });
  }
  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", function () {
      var now = head.getAttribute("aria-sort");
      sort(column, now ? (now === "ascending" ? -1 : 1) : column < 2 ? 1 : -1);
    });
  });
  all(".scripted, .search").forEach(function (part) { part.hidden = false; });
  ["mouseover", "focusin"].forEach(function (event) {
    if (named) named.parentNode.addEventListener(event, function (happened) {
      var shape = happened.target.closest("svg a, svg .none"), title = shape && shape.querySelector("title");
      named.textContent = title ? title.textContent : "";
    });
  });
  field.addEventListener("input", search);
  field.addEventListener("keydown", function (pressed) {
    var first = pressed.key === "Enter" && places.find(function (place) { return !place.hidden && place.querySelector("a"); });
    if (first) { first.querySelector("a").focus(); pressed.preventDefault(); }
  });
  window.addEventListener("hashchange", arrive);
  arrive();
})();
