"use strict";
(() => {
  const filter = document.getElementById("filter");
  const levels = [...document.querySelectorAll("#controls input[type=checkbox]")];
  const changes = [...document.querySelectorAll("li.change")].map((item) => ({
    item,
    level: levels.map((box) => box.value).find((level) => item.closest(".band").classList.contains(level)),
    text: `${item.closest(".operation").querySelector("h3").textContent} ${item.textContent}`.toLowerCase(),
  }));
  const rows = [...document.querySelectorAll("tr.row")].map((item) => ({ item, text: item.textContent.toLowerCase() }));
  const containers = [...document.querySelectorAll(".operation"), ...document.querySelectorAll(".band")];

  function show() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.includes(word));
    const chosen = new Set(levels.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const { item, level, text } of changes) {
      item.hidden = !(chosen.has(level) && fits(text));
      count += item.hidden ? 0 : 1;
    }
    for (const { item, text } of rows) item.hidden = !fits(text);
    for (const each of containers) each.hidden = !each.querySelector("li.change:not([hidden])");
    document.getElementById("shown").textContent = `${count} of ${changes.length} changes`;
  }

  filter.addEventListener("input", show);
  for (const box of levels) box.addEventListener("change", show);
  document.getElementById("controls").hidden = false;
  show();
})();
