// Conveniences only: every page says everything without this file.
(function () {
  "use strict";

  function words(text) {
    return text.toLowerCase().split(/\s+/).filter(Boolean);
  }

  function setUpFilter(box) {
    var input = box.querySelector("[data-filter]");
    var state = box.querySelector("[data-filter-state]");
    var shown = box.querySelector("[data-shown]");
    var rows = Array.prototype.slice.call(
      document.querySelectorAll("main table.sortable > tbody > tr"));
    var texts = null;

    function apply() {
      // The text of a page with ten thousand rows is read once, when it is first asked for.
      texts = texts || rows.map(function (row) { return row.textContent.toLowerCase(); });
      var wanted = words(input.value), kind = state ? state.value : "", count = 0;
      rows.forEach(function (row, i) {
        var fits = wanted.every(function (word) { return texts[i].indexOf(word) >= 0; }) &&
          (!kind || row.querySelector("td." + kind) !== null);
        row.hidden = !fits;
        count += fits ? 1 : 0;
      });
      shown.textContent = count + " / " + rows.length;
    }

    input.addEventListener("input", apply);
    if (state) { state.addEventListener("change", apply); }
    box.hidden = false;
  }

  function value(row, column) {
    var cell = row.children[column];
    return cell ? cell.textContent.trim() : "";
  }

  function number(text) {
    return /^[-\d][\d,.]*\s*%?$/.test(text) ? parseFloat(text.replace(/,/g, "")) : NaN;
  }

  function compare(a, b) {
    var x = number(a), y = number(b);
    if (!isNaN(x) && !isNaN(y)) { return x - y; }
    if (isNaN(x) !== isNaN(y)) { return isNaN(x) ? 1 : -1; }
    return a.localeCompare(b, document.documentElement.lang, { numeric: true });
  }

  function sortBy(table, header, column) {
    var up = header.getAttribute("aria-sort") !== "ascending";
    var body = table.tBodies[0];
    var keyed = Array.prototype.map.call(body.rows, function (row) {
      return { row: row, key: value(row, column) };
    });
    keyed.sort(function (a, b) { return (up ? 1 : -1) * compare(a.key, b.key); });
    keyed.forEach(function (item) { body.appendChild(item.row); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) {
      cell.removeAttribute("aria-sort");
    });
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  function setUpSorting(table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (header, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (header.firstChild) { button.appendChild(header.firstChild); }
      header.appendChild(button);
      button.addEventListener("click", function () { sortBy(table, header, column); });
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll(".filter"), setUpFilter);
  Array.prototype.forEach.call(document.querySelectorAll("table.sortable"), setUpSorting);
})();
