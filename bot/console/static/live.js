// Keeps a page of the console up to date: reads it again when something changed, and
// puts in what is new. Nothing here makes markup from text.
"use strict";
(() => {
  const PRESENCE_MS = 60_000, TICK_MS = 30_000;
  const state = { touched: Date.now(), reading: null, again: false, title: "", leads: false, counts: null };
  const csrf = () => document.querySelector("input[name=csrf]")?.value ?? "";
  const chosen = (name) => localStorage.getItem(`meridian:staff:${name}`) === "1";

  // The browser reads the page into a document of its own; no string becomes markup.
  const fetchPage = (method, address, body) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document";
    request.onload = () => resolve(request);
    request.onerror = () => reject(new Error("no connection"));
    request.send(body);
  });

  const boxes = (part) => [...part.querySelectorAll("textarea, input:not([type=hidden])")];
  const begun = (part) => boxes(part).filter((one) => one.value !== one.defaultValue);
  const busy = (part) => {
    const at = document.activeElement;
    const writing = part.contains(at) && at.matches("input, textarea, select");
    return writing || begun(part).length > 0 || part.querySelector("details[open]") !== null;
  };

  // What is busy stays as it is, but for the part from which something was sent.
  const put = (fresh, sentFrom) => {
    const scroll = document.getElementById("scroll");
    const low = scroll && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (!other || part.isEqualNode(other) || (part !== sentFrom && busy(part))) continue;
      const top = part.scrollTop, focused = part.contains(document.activeElement)
        ? document.activeElement.id : "";
      const copy = document.importNode(other, true);
      part.replaceWith(copy);
      copy.scrollTop = top;
      for (const one of begun(part)) {
        const again = document.getElementById(one.id);
        if (!again) continue;
        again.value = one.value;
        const fold = again.closest("details");
        if (fold) fold.open = true;
      }
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
    const here = document.getElementById("reply"), there = fresh.getElementById("reply");
    if (here && there) here.hidden = there.hidden && !here.elements.text.value;
    if (low) scroll.scrollTop = scroll.scrollHeight;
    state.title = fresh.title;
    tell();
  };

  const tell = () => {
    const unread = state.counts?.unread;
    document.title = unread ? `(${unread}) ${state.title}` : state.title;
  };

  const takeIn = (counts) => {
    const before = state.counts;
    state.counts = counts;
    tell();
    if (before && state.leads) alertIfNew(before, counts);
  };

  const alertIfNew = (before, now) => {
    if (now.waiting <= before.waiting && now.unread <= before.unread) return;
    const pressing = now.pressing > before.pressing;
    if (chosen("sound")) beep(pressing);
    if (chosen("notices") && document.hidden && Notification.permission === "granted")
      new Notification(pressing ? "An emergency is waiting" : "A conversation is waiting",
        { tag: "meridian", renotify: true });
  };

  const refresh = async () => {
    if (!document.querySelector("[data-live]")) return;
    if (state.reading) { state.again = true; return; }
    state.reading = true;
    try {
      const address = new URL(location.href);
      address.searchParams.set("again", "1");
      if (document.hidden) address.searchParams.set("glance", "1");
      const page = await fetchPage("GET", address);
      if (new URL(page.responseURL).pathname === "/staff/login") location.reload();
      else if (page.status === 200) put(page.response, null);
    } catch { /* The stream says when the line is back. */ }
    state.reading = null;
    if (state.again) { state.again = false; refresh(); }
  };

  let sound = null;
  const beep = (pressing) => {
    sound ??= new AudioContext();
    for (let turn = 0; turn < (pressing ? 3 : 1); turn += 1) {
      const tone = sound.createOscillator(), volume = sound.createGain();
      const at = sound.currentTime + turn * 0.3;
      tone.frequency.value = pressing ? 880 : 660;
      volume.gain.setValueAtTime(0.15, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.25);
      tone.connect(volume).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.25);
    }
  };

  const since = (milliseconds) => {
    const seconds = Math.abs(milliseconds) / 1000;
    if (seconds < 60) return "under 1 min";
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
    return `${Math.floor(seconds / 86400)} d`;
  };
  const tick = () => {
    for (const time of document.querySelectorAll("time[data-ago]"))
      time.textContent = since(Date.now() - Date.parse(time.dateTime));
  };

  const here = () => {
    if (document.hidden) return;
    const body = new URLSearchParams({ idle: Math.round((Date.now() - state.touched) / 1000) });
    fetch("/staff/here", { method: "POST", body, headers: { "X-CSRF": csrf() } })
      .then((answer) => { if (answer.redirected) location.reload(); })
      .catch(() => { /* The stream says when the line is back. */ });
  };

  // What was typed while the rest was being sent is kept.
  const empty = (sent) => {
    for (const [box, text] of sent)
      if (box.value.startsWith(text)) box.value = box.value.slice(text.length);
  };

  const complain = (page, onTheRight) => {
    const told = document.createElement("p");
    told.id = "problem";
    told.className = "caution";
    told.setAttribute("role", "alert");
    const word = document.createElement("strong");
    word.textContent = "Not done.";
    const why = page?.querySelector("[data-why]")?.textContent;
    told.append(word, ` ${why ?? "Please try again."}`);
    document.getElementById(onTheRight ? "about" : "scroll").before(told);
    told.scrollIntoView({ block: "nearest" });
  };

  // Forms that change this page only: sent without leaving it.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-quiet]")) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const part = form.closest("[data-live]");
    const sent = boxes(form).map((box) => [box, box.value]);
    try {
      const body = new URLSearchParams(new FormData(form, event.submitter));
      const page = await fetchPage("POST", form.action, body);
      const where = new URL(page.responseURL).pathname;
      if (where === "/staff/login") location.assign("/staff/login?next=" + encodeURIComponent(location.pathname));
      else {
        document.getElementById("problem")?.remove();
        if (page.status === 200) { empty(sent); form.dispatchEvent(new Event("sent")); }
        if (page.response?.getElementById("said")) put(page.response, part);
        if (page.status !== 200) complain(page.response, part?.id === "about");
      }
    } catch {
      document.getElementById("line-state").hidden = false;
    } finally {
      delete form.dataset.sending;
    }
  });

  for (const kind of ["pointerdown", "keydown"])
    document.addEventListener(kind, () => { state.touched = Date.now(); }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { here(); refresh(); } });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.me[open], details.more[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  for (const name of ["sound", "notices"]) {
    const box = document.getElementById(name);
    if (!box) continue;
    box.checked = chosen(name);
    box.addEventListener("change", async () => {
      if (box.checked && name === "sound") beep(false);
      if (box.checked && name === "notices" && await Notification.requestPermission() !== "granted") box.checked = false;
      localStorage.setItem(`meridian:staff:${name}`, box.checked ? "1" : "0");
    });
  }

  document.querySelector(".bar [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  state.title = document.title;
  tell();
  here();
  setInterval(here, PRESENCE_MS);
  setInterval(tick, TICK_MS);
  // One stream for all open tabs: a browser opens six lines to one place at most.
  const line = document.getElementById("line-state");
  const others = new BroadcastChannel("meridian:staff");
  const heard = ({ what, counts }) => {
    if (counts) takeIn(counts);
    if (what === "asked" && state.leads && state.counts)
      others.postMessage({ what: "counted", counts: state.counts });
    if (what === "lost" || what === "changed") line.hidden = what !== "lost";
    if (what === "changed") refresh();
  };
  others.addEventListener("message", (event) => heard(event.data));
  others.postMessage({ what: "asked" });
  const listen = () => new Promise(() => {
    const stream = new EventSource("/staff/live");
    const pass = (what, counts) => { heard({ what, counts }); others.postMessage({ what, counts }); };
    state.leads = true;
    // It begins with one, also after it was lost: much may have changed meanwhile.
    stream.addEventListener("changed", (event) => pass("changed", JSON.parse(event.data)));
    stream.addEventListener("error", () => pass("lost"));
  });
  if (navigator.locks) navigator.locks.request("meridian:staff", listen);
  else listen();
})();
