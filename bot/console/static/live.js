// Keeps a page of the console up to date: reads it again when something changed, and
// puts in what is new. Nothing here makes markup from text.
"use strict";
(() => {
  const PRESENCE_MS = 60_000, IDLE_MS = 300_000, TICK_MS = 30_000;
  const state = { touched: Date.now(), reading: null, again: false, title: "", leads: false };
  const csrf = () => document.querySelector("input[name=csrf]")?.value ?? "";
  const list = () => document.getElementById("list");
  const number = (name) => Number(list()?.dataset[name] ?? 0);
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

  const busy = (part) => {
    const at = document.activeElement;
    const writing = part.contains(at) && at.matches("input, textarea, select");
    const begun = [...part.querySelectorAll("textarea, input:not([type=hidden])")]
      .some((one) => one.value !== one.defaultValue);
    return writing || begun || part.querySelector("details[open]") !== null;
  };

  const put = (fresh, force) => {
    const scroll = document.getElementById("scroll");
    const low = scroll && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (!other || part.isEqualNode(other) || (!force && busy(part))) continue;
      const top = part.scrollTop, focused = part.contains(document.activeElement)
        ? document.activeElement.id : "";
      const copy = document.importNode(other, true);
      part.replaceWith(copy);
      copy.scrollTop = top;
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
    for (const id of ["reply", "problem"]) {
      const here = document.getElementById(id), there = fresh.getElementById(id);
      if (id === "reply" && here && there) {
        here.hidden = there.hidden && !here.elements.text.value;
        here.elements.client_id.value = there.elements.client_id.value;
      } else if (here && !there) here.remove();
      else if (!here && there && id === "problem")
        scroll?.before(document.importNode(there, true));
    }
    if (low) scroll.scrollTop = scroll.scrollHeight;
    state.title = fresh.title;
    tell();
  };

  const tell = () => {
    const unread = number("unread");
    document.title = unread ? `(${unread}) ${state.title}` : state.title;
  };

  const alertIfNew = (before) => {
    const more = number("waiting") > before.waiting || number("unread") > before.unread;
    if (!more || !state.leads) return;
    const pressing = number("pressing") > before.pressing;
    if (chosen("sound")) beep(pressing);
    if (chosen("notices") && document.hidden && Notification.permission === "granted")
      new Notification(pressing ? "An emergency is waiting" : "A conversation is waiting",
        { tag: "meridian", renotify: true });
  };

  const refresh = async () => {
    if (!document.querySelector("[data-live]")) return;
    if (state.reading) { state.again = true; return; }
    state.reading = true;
    const before = { waiting: number("waiting"), unread: number("unread"), pressing: number("pressing") };
    try {
      const address = new URL(location.href);
      if (document.hidden) address.searchParams.set("glance", "1");
      const page = await fetchPage("GET", address);
      if (new URL(page.responseURL).pathname === "/staff/login") location.reload();
      else if (page.status === 200) { put(page.response, false); alertIfNew(before); }
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
    const body = new URLSearchParams({ active: Date.now() - state.touched < IDLE_MS ? "1" : "0" });
    fetch("/staff/here", { method: "POST", body, headers: { "X-CSRF": csrf() } })
      .then((answer) => { if (answer.redirected) location.reload(); })
      .catch(() => { /* The stream says when the line is back. */ });
  };

  // Forms that change this page only: sent without leaving it.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-quiet]")) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    try {
      const body = new URLSearchParams(new FormData(form, event.submitter));
      const page = await fetchPage("POST", form.action, body);
      const where = new URL(page.responseURL).pathname;
      if (where === "/staff/login") location.assign("/staff/login?next=" + encodeURIComponent(location.pathname));
      else if (!page.response?.getElementById("said")) {
        document.querySelector("main").replaceWith(document.importNode(page.response.querySelector("main"), true));
      } else {
        if (page.status === 200) { form.reset(); form.dispatchEvent(new Event("sent", { bubbles: true })); }
        put(page.response, true);
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

  state.title = document.title;
  tell();
  here();
  setInterval(here, PRESENCE_MS);
  setInterval(tick, TICK_MS);
  // One stream for all open tabs: a browser opens six lines to one place at most.
  const line = document.getElementById("line-state");
  const others = new BroadcastChannel("meridian:staff");
  const heard = (what) => {
    line.hidden = what !== "lost";
    if (what !== "lost") refresh();
  };
  others.addEventListener("message", (event) => heard(event.data));
  const listen = () => new Promise(() => {
    const stream = new EventSource("/staff/live");
    const tell = (what) => { heard(what); others.postMessage(what); };
    state.leads = true;
    stream.addEventListener("open", () => tell("open"));
    stream.addEventListener("error", () => tell("lost"));
    stream.addEventListener("changed", () => tell("changed"));
  });
  if (navigator.locks) navigator.locks.request("meridian:staff", listen);
  else listen();
})();
