// Arrow keys lead to the day or week before and after; the links do the same.
"use strict";
document.addEventListener("keydown", (event) => {
  const link = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!link || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // There the arrows have work of their own.
  if (event.target.closest("input, select, textarea, .sideways")) return;
  document.querySelector(`.steps a[rel=${link}]`)?.click();
});
