// The reply box: keeps a draft, sends with Enter, fills in written replies.
"use strict";
(() => {
  const box = document.getElementById("reply-text");
  const scroll = document.getElementById("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  const key = `meridian:staff:draft:${box.dataset.conversation}`;

  if (!box.value) box.value = sessionStorage.getItem(key) ?? "";
  if (box.value) box.form.hidden = false;
  box.addEventListener("input", () => sessionStorage.setItem(key, box.value));
  box.form.addEventListener("sent", () => { sessionStorage.removeItem(key); box.focus(); });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    box.form.requestSubmit();
  });

  document.getElementById("canned").addEventListener("change", (event) => {
    const text = event.target.value;
    event.target.value = "";
    if (!text) return;
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    sessionStorage.setItem(key, box.value);
    box.focus();
  });
})();
