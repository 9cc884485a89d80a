// What a reader of the report has chosen follows along between the pages of a municipality, in their addresses.
(function () {
  "use strict";
  var note = document.getElementById("mot");
  function carry() {
    var mot = (location.hash.match(/^#mot=[\w,]*$/) || [""])[0];
    [].forEach.call(document.querySelectorAll("a[href]"), function (link) {
      var to = link.getAttribute("href").split("#mot=")[0];
      if (/^[\w-]+\.html$/.test(to)) link.setAttribute("href", to + mot);
    });
    if (note) note.hidden = mot === "";
  }
  window.addEventListener("hashchange", carry);
  document.addEventListener("mot", carry);
  carry();
})();
