// The reply box: keeps a draft, sends with Enter, fills in written replies.
"use strict";
(() => {
  const box = document.getElementById("reply-text");
  const scroll = document.getElementById("scroll");
  const toTheNewest = () => { scroll.scrollTop = scroll.scrollHeight; };
  toTheNewest();
  // A box that opens below takes room; what was in sight at the end stays so.
  let atEnd = true;
  scroll.addEventListener("scroll", () => {
    atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  }, { passive: true });
  new ResizeObserver(() => { if (atEnd) toTheNewest(); }).observe(scroll);
  const key = `meridian:staff:draft:${box.dataset.conversation}`;
  const tried = `meridian:staff:tried:${box.dataset.conversation}`;
  const id = box.form.elements.client_id;

  const remember = () => {
    if (box.value) sessionStorage.setItem(key, box.value);
    else for (const one of [key, tried]) sessionStorage.removeItem(one);
  };

  if (!box.value) box.value = sessionStorage.getItem(key) ?? "";
  if (box.value) box.form.hidden = false;
  box.addEventListener("input", remember);
  // The same text again, after an answer that never came, is the same reply.
  box.form.addEventListener("submit", () => {
    if (box.form.dataset.sending) return;
    const last = JSON.parse(sessionStorage.getItem(tried) ?? "{}");
    id.value = last.text === box.value ? last.id : crypto.randomUUID();
    sessionStorage.setItem(tried, JSON.stringify({ text: box.value, id: id.value }));
  });
  box.form.addEventListener("sent", () => {
    sessionStorage.removeItem(tried);
    remember();
    box.focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    box.form.requestSubmit();
  });

  const note = document.querySelector(".note-box");
  note.querySelector("form").addEventListener("sent", () => { note.open = false; });

  document.getElementById("canned").addEventListener("change", (event) => {
    const text = event.target.value;
    event.target.value = "";
    if (!text) return;
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    sessionStorage.setItem(key, box.value);
    box.focus();
  });
})();
