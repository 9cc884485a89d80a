(function () {
  var field = document.getElementById("sok"), told = document.getElementById("treff");
  var places = Array.from(document.querySelectorAll("[data-words]"));
  var counties = Array.from(document.querySelectorAll(".county"));
  function fold(text) {
    return text.toLowerCase().replace(/ø/g, "o").replace(/æ/g, "ae").replace(/đ/g, "d").replace(/ŧ/g, "t").replace(/ŋ/g, "n")
      .normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\s–-]+/g, " ").trim();
  }
  function search() {
    var words = fold(field.value).split(" ").filter(Boolean), hits = 0;
    places.forEach(function (place) {
      var own = place.getAttribute("data-words");
      place.hidden = !words.every(function (word) { return own.indexOf(word) >= 0; });
      if (!place.hidden) hits += 1;
    });
    counties.forEach(function (county) { county.hidden = !county.querySelector("[data-words]:not([hidden])"); });
    told.textContent = words.length ? (hits === 1 ? "1 kommune" : hits + " kommuner") : "";
  }
  field.closest(".search").hidden = false;
  field.addEventListener("input", search);
})();
