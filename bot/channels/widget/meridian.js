/*
 * Meridian's chat widget: one script, no dependency, no build step.
 *
 *   <script src="https://desk.example/widget/meridian.js" defer
 *           data-clinic="North Light Acupuncture" data-emergency="911"></script>
 *
 * Theme: --meridian-accent, --meridian-on-accent (both also with -dark), --meridian-font.
 * Text is set as text, never as HTML; runs under a strict policy with Trusted Types.
 */
(() => {
  "use strict";
  if (customElements.get("meridian-chat")) return;

  const STRINGS = {
    launch: "Ask a question",
    unread: "{n} new",
    panel: "Chat with {clinic}",
    thisClinic: "the clinic",
    role: "Automated assistant",
    close: "Close the chat",
    conversation: "Conversation",
    greeting:
      "Hello. I am the automated assistant of {clinic}. I can answer questions about " +
      "acupuncture, go through a few safety questions with you, and help you arrange a visit. " +
      "I do not diagnose.",
    starters: ["Does acupuncture hurt?", "Is it right for me?", "I'd like to book a visit"],
    you: "You",
    assistant: "Assistant",
    staff: "Clinic staff",
    staffNamed: "{name}, clinic staff",
    typing: "Typing",
    placeholder: "Write a message",
    send: "Send",
    left: "{n} left",
    person: "Talk to a person",
    personRequest: "I'd like to talk to a person",
    emergencyLine: "Emergency? Call {number}",
    callNumber: "Call {number}",
    sending: "Sending",
    stored: "Sent",
    waiting: "Not sent yet. It is kept and goes out when the connection is back.",
    slow: "Kept for a moment. It goes out in {n} s.",
    failed: "Not sent. It is kept.",
    retry: "Tap to retry",
    refused: "This could not be sent.",
    away: "Reconnecting. Nothing is lost.",
    renewed: "The earlier chat has ended, so this is a new one. What you had not sent is kept.",
    none: "None of these",
    progress: "{n} of {all}",
    sources: "Where this comes from",
    reviewed: "Last checked on {date}.",
    emergency: "Emergency",
    urgent: "Urgent",
    caution: "Please note",
    newest: "New message below",
  };

  const LIMIT = 2000;
  const COUNTER_FROM = 1800;
  const POLL_MS = 2500;
  const OPENING_MS = 6000; // no byte of a stream by then: something on the way holds it back
  const SILENCE_MS = 60000; // a stream without a byte for so long is dead
  const HIDDEN_MS = 60000; // a tab hidden for so long gives its connection back
  const POLLS_BEFORE_STREAM = 40;
  const GAP_MS = 15 * 60000;
  const TURN_MS = 5000;
  const AIR = 12; // px: less is the end

  const CSS = `
:host {
  all: initial;
  --paper: #FAF8F4; --ink: #1D2B2A; --muted: #566461; --line: #D9D5CC; --sheet: #FFFFFF;
  --accent: var(--meridian-accent, #0F6259); --on-accent: var(--meridian-on-accent, #FFFFFF);
  --visitor: #DCEBE6; --on-visitor: #12332F; --staff: #E8E4F3; --on-staff: #2B2440;
  --caution: #FFF1CC; --on-caution: #6B4A00;
  --emergency: #FDE7E4; --on-emergency: #8C1D18; --call: #B3261E; --on-call: #FFFFFF;
  position: fixed; z-index: 2147483000;
  inset-block-end: max(20px, env(safe-area-inset-bottom)); inset-inline-end: 20px;
  color: var(--ink); color-scheme: light;
  font: 400 16px/1.5 var(--meridian-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
  -webkit-text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  :host {
    --paper: #121917; --ink: #E8EDEA; --muted: #A3B0AC; --line: #2E3A37; --sheet: #18211F;
    --accent: var(--meridian-accent-dark, #7CC4B8);
    --on-accent: var(--meridian-on-accent-dark, #0B1F1B);
    --visitor: #1E3A35; --on-visitor: #E1F1EC; --staff: #322B4A; --on-staff: #ECE7F8;
    --caution: #33270A; --on-caution: #F4D58A;
    --emergency: #3A1512; --on-emergency: #FFB4AB;
    color-scheme: dark;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, ol, ul, dl, dd, dt, fieldset, h2 { margin: 0; padding: 0; border: 0; min-width: 0;
  list-style: none; }
h2 { font-size: 16px; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; background: none; border: 1px solid transparent; border-radius: 6px; }
button:disabled { cursor: default; }
a { color: inherit; text-underline-offset: 3px; overflow-wrap: anywhere; }
svg { display: block; flex: none; width: 20px; height: 20px; fill: none; stroke: currentColor;
  stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.small { font-size: 13px; color: var(--muted); }

.launcher { display: flex; align-items: center; gap: 8px; min-height: 48px;
  padding-block: 10px; padding-inline: 16px 20px; border-radius: 24px; font-weight: 600;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 1px 3px #1D2B2A33; }
.badge { padding-inline: 8px; border-radius: 12px; font-size: 13px; line-height: 24px;
  background: var(--on-accent); color: var(--accent); font-variant-numeric: tabular-nums; }

dialog { position: fixed; inset: auto; inset-block-end: 20px; inset-inline-end: 20px; margin: 0;
  padding: 0; width: 400px; height: min(660px, 100vh - 40px); max-width: none; max-height: none;
  flex-direction: column; overflow: hidden; background: var(--paper); color: var(--ink);
  border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 1px 4px #1D2B2A2E; }
dialog[open] { display: flex; }
dialog::backdrop { background: none; }
@media (max-width: 520px), (max-height: 480px) {
  dialog { inset: 0; inset-block-start: var(--top, 0); width: 100%; height: 100vh;
    height: var(--tall, 100dvh); border: 0; border-radius: 0; }
}

header { display: flex; align-items: center; gap: 12px; padding-block: 12px;
  padding-inline: 20px 8px; border-block-end: 1px solid var(--line); }
header > div { flex: 1; min-width: 0; }
.round { display: grid; place-items: center; width: 44px; height: 44px; padding: 0; flex: none; }
.scroll { flex: 1; min-height: 96px; overflow: hidden auto; overscroll-behavior: contain;
  padding: 20px; outline-offset: -3px; }
.log { display: flex; flex-direction: column; gap: 16px; }
.log > li { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
.log > li:focus-visible { outline-offset: 6px; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 60ch; }
.who { font-size: 13px; font-weight: 600; color: var(--muted); }
.progress { margin-block-end: -6px; font-variant-numeric: tabular-nums; }

.visitor { align-items: flex-end !important; gap: 4px !important; }
.visitor .text, .staff .text { max-width: min(60ch, 86%); padding-block: 8px; padding-inline: 14px;
  border-radius: 10px; }
.visitor .text { background: var(--visitor); color: var(--on-visitor); border-end-end-radius: 3px; }
.staff .text { background: var(--staff); color: var(--on-staff); border-end-start-radius: 3px; }
.staff { gap: 4px !important; }
.system { color: var(--muted); padding-inline-start: 12px;
  border-inline-start: 2px solid var(--line); }
.when { align-items: center !important; font-size: 13px; color: var(--muted); }
.assistant + .assistant:not(.urgent) { margin-block-start: -4px; }

.state { display: flex; align-items: center; justify-content: flex-end; flex-wrap: wrap;
  gap: 4px; max-width: 86%; font-size: 13px; color: var(--muted); text-align: end; }
.state svg { width: 16px; height: 16px; }
.state.bad { padding-block: 4px; padding-inline: 10px; border-radius: 6px;
  background: var(--caution); color: var(--on-caution); }
.state button { min-height: 32px; padding-inline: 8px; font-weight: 600; text-decoration: underline;
  text-underline-offset: 3px; }
.visitor.done:not(.last) .state { display: none; }

.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 4px; align-self: stretch; }
.choice, .pill { min-height: 40px; padding-block: 7px; padding-inline: 14px; text-align: start;
  background: var(--sheet); border-color: var(--accent); color: var(--accent); font-weight: 550;
  overflow-wrap: anywhere; }
@media (hover: hover) {
  .choice:hover:enabled { background: var(--visitor); color: var(--on-visitor); }
}
.choice:disabled { background: none; border-color: var(--line); color: var(--muted);
  font-weight: 400; }
.choice.chosen:disabled { border-color: var(--muted); color: var(--ink); }
.choice.chosen::before { content: "\\2713\\00a0"; }
.scale { display: grid; grid-template-columns: repeat(11, minmax(0, 1fr)); gap: 4px; }
.scale .choice { padding-inline: 0; text-align: center; font-variant-numeric: tabular-nums; }
.scale .choice.chosen::before { content: none; }
.scale .choice.chosen:disabled { background: var(--visitor); color: var(--on-visitor); }

.checklist { align-self: stretch; }
.checklist > ul { border: 1px solid var(--line); border-radius: 10px; background: var(--sheet);
  overflow: hidden; margin-block: 4px 12px; }
.checklist li + li { border-block-start: 1px solid var(--line); }
.checklist label { display: flex; gap: 12px; align-items: flex-start; padding-block: 9px;
  padding-inline: 14px; cursor: pointer; overflow-wrap: anywhere; }
.checklist label:focus-within { outline: 2px solid var(--ink); outline-offset: -3px;
  border-radius: 10px; }
.checklist input { flex: none; width: 20px; height: 20px; margin: 2px 0 0; outline: none;
  accent-color: var(--accent); cursor: inherit; }
.checklist .none { color: var(--muted); }
.checklist:disabled label { cursor: default; color: var(--muted); }
.checklist:disabled .solid { display: none; }
.solid { min-height: 44px; padding-block: 8px; padding-inline: 20px; font-weight: 600;
  background: var(--accent); color: var(--on-accent); border-radius: 6px; }
.solid:disabled { background: none; border-color: var(--line); color: var(--muted); }

.card { align-self: stretch; padding: 14px 16px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--sheet); display: flex; flex-direction: column; gap: 10px; }
.title { font-weight: 650; overflow-wrap: anywhere; }
.card dl { display: grid; grid-template-columns: minmax(72px, max-content) 1fr; gap: 4px 16px; }
.card dt { color: var(--muted); font-size: 13px; line-height: 24px; }
.card dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.links { display: flex; flex-wrap: wrap; gap: 8px; }
.pill { display: inline-flex; align-items: center; text-decoration: none; border: 1px solid;
  border-radius: 6px; }
.word { display: flex; align-items: center; gap: 8px; font-weight: 650; }
.caution { background: var(--caution); border-color: transparent; color: var(--on-caution); }
.caution .title, .caution dt, .emergency dt { color: inherit; }
.emergency { background: var(--emergency); color: var(--on-emergency);
  border: 1px solid currentColor; gap: 12px; }
.emergency .title { font-size: 20px; line-height: 1.3; }
.emergency .pill { background: none; color: inherit; }
.call { display: flex; align-items: center; justify-content: center; gap: 10px; min-height: 52px;
  padding: 8px 16px; border-radius: 6px; background: var(--call); color: var(--on-call);
  font-size: 20px; font-weight: 650; text-decoration: none; }

details { font-size: 13px; color: var(--muted); max-width: 60ch; scroll-margin: 12px; }
summary { display: inline-flex; align-items: center; gap: 6px; min-height: 28px; cursor: pointer;
  border-radius: 6px; }
summary::-webkit-details-marker { display: none; }
summary svg { width: 14px; height: 14px; }
details[open] summary svg { transform: rotate(90deg); }
details ul { padding-inline-start: 20px; display: grid; gap: 4px; }
details p { padding-inline-start: 20px; margin-block-start: 4px; white-space: pre-wrap;
  overflow-wrap: anywhere; }

.typing { flex-direction: row !important; gap: 6px !important; height: 24px;
  align-items: center !important; }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted);
  animation: breathe 1.4s ease-in-out infinite; }
.typing i + i { animation-delay: .2s; }
.typing i + i + i { animation-delay: .4s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .3; } 35% { opacity: 1; } }

.notice { display: flex; justify-content: center; align-items: center; gap: 8px; padding: 6px 20px;
  font-size: 13px; background: var(--caution); color: var(--on-caution); }
.notice svg { width: 16px; height: 16px; }
.jump { position: absolute; inset-block-end: 100%; inset-inline: 0; margin-inline: auto;
  margin-block-end: 12px; width: max-content; min-height: 36px; padding-inline: 14px;
  font-size: 13px; font-weight: 600; background: var(--ink); color: var(--paper);
  border-radius: 18px; }
footer { position: relative; border-block-start: 1px solid var(--line); padding: 12px 12px 8px;
  padding-block-end: max(8px, env(safe-area-inset-bottom)); }
form { display: flex; align-items: flex-end; gap: 8px; }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 148px; padding-block: 9px;
  padding-inline: 12px; resize: none; overflow-y: auto; background: var(--sheet);
  border: 1px solid var(--muted); border-radius: 6px; }
textarea:focus-visible { border-color: var(--line); outline-offset: 1px; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { background: var(--accent); color: var(--on-accent); }
.send:disabled { background: none; border-color: var(--line); color: var(--muted); }
.exits { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  column-gap: 12px; padding-block-start: 4px; }
.exits > * { display: inline-flex; align-items: center; gap: 6px; min-height: 36px;
  padding-inline: 4px; font-size: 13px; border-radius: 6px; }
.exits button { font-weight: 600; color: var(--accent); }
.exits svg { width: 16px; height: 16px; }
.exits a { color: var(--muted); text-decoration: none; }
.exits a:hover, .exits button:hover { text-decoration: underline; }
.counter { font-variant-numeric: tabular-nums; color: var(--muted); }

@media (pointer: coarse) {
  .choice, .pill, .state button, .exits > *, summary, .checklist label, .jump { min-height: 44px; }
}
@media (pointer: coarse), (max-width: 400px) {
  .scale { grid-template-columns: repeat(6, minmax(0, 1fr)); }
  .scale .choice { min-height: 44px; }
}
@media (prefers-reduced-motion: reduce) { .typing i { animation: none; opacity: .7; } }
@media (forced-colors: active) {
  .launcher, .solid, .send, .call, .visitor .text, .staff .text, .notice { border: 1px solid; }
}
@media print { :host { display: none; } }
`;

  const ICONS = {
    chat: "M4 5.5h16v11H10l-4.5 3.5v-3.5H4z",
    close: "M6 6l12 12M18 6L6 18",
    send: "M12 19V5M6 11l6-6 6 6",
    person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
    phone: "M6.5 4h3l1.5 4-2 1.500a11 11 0 0 0 5.5 5.500l1.5-2 4 1.500v3c0 1-1 2-2 2" +
      "C10.5 19 4.5 13 4.5 6c0-1 1-2 2-2z",
    alert: "M12 4L2.5 20h19zM12 10v4.500M12 17.300v.1",
    check: "M5 12.500l4.5 4.500L19 7.5",
    more: "M9 6l6 6-6 6",
    wait: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7.500V12l3 2",
  };

  const script = document.currentScript;
  const BASE = new URL("../", script.src);

  // -- small tools

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child));
    return node;
  };

  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  // randomUUID exists on https and localhost only.
  const uuid = () =>
    crypto.randomUUID?.() ?? [8, 4, 4, 4, 12].map((length) =>
      Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) =>
        (byte % 16).toString(16)).join("")).join("-");

  const attempt = (deed) => {
    try {
      return deed();
    } catch {
      return undefined;
    }
  };

  const safeHref = (href) => {
    const url = attempt(() => new URL(href, BASE));
    return url && ["http:", "https:", "tel:"].includes(url.protocol) ? url.href : null;
  };

  const link = (label, href, attributes = {}) => {
    const safe = safeHref(href);
    if (!safe) return el("span", {}, label);
    const away = safe.startsWith("tel:") ? {} : { target: "_blank", rel: "noopener noreferrer" };
    return el("a", { href: safe, ...away, ...attributes }, label);
  };

  const telephone = (number) => "tel:" + String(number).replace(/[^\d+*#]/g, "");

  const LINK = /\b(?:https?:\/\/|tel:)[^\s<>"]*[^\s<>".,;:!?)\]}'’]/g;
  const linked = (text) => {
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(LINK)) {
      parts.push(text.slice(from, match.index), link(match[0], match[0]));
      from = match.index + match[0].length;
    }
    return [...parts, text.slice(from)];
  };

  // Noon, so that the day is the same one everywhere.
  const day = (text) =>
    new Date(text.slice(0, 10) + "T12:00").toLocaleDateString([], { dateStyle: "long" });

  const clock = (at) => {
    const today = new Date(at).toDateString() === new Date().toDateString();
    const date = today ? {} : { weekday: "short", day: "numeric", month: "short" };
    return new Date(at).toLocaleString([], { ...date, hour: "numeric", minute: "2-digit" });
  };

  // -- what is kept on this device

  class Shelf {
    constructor(storage) {
      this.prefix = `meridian:${BASE.host}${BASE.pathname}:`;
      this.memory = new Map();
      this.storage = attempt(() => window[storage]);
    }

    get(key) {
      const kept = attempt(() => JSON.parse(this.storage.getItem(this.prefix + key)));
      return kept ?? this.memory.get(key) ?? null;
    }

    set(key, value) {
      const write = () => this.storage.setItem(this.prefix + key, JSON.stringify(value)) ?? true;
      if (!attempt(write)) this.memory.set(key, value);
    }

    remove(key) {
      this.memory.delete(key);
      attempt(() => this.storage.removeItem(this.prefix + key));
    }

    keys(start) {
      const kept = attempt(() => Object.keys(this.storage)) ?? [];
      return [...this.memory.keys(), ...kept.filter((key) => key.startsWith(this.prefix))
        .map((key) => key.slice(this.prefix.length))].filter((key) => key.startsWith(start));
    }
  }

  /** What is not known to be stored: one key each, so that tabs never race. */
  class Outbox {
    constructor(shelf) {
      this.shelf = shelf;
      this.newest = 0;
    }

    add(content, label) {
      this.newest = Math.max(Date.now(), this.newest + 1);
      const item = { client_id: uuid(), at: this.newest, label, content };
      this.put(item);
      return item;
    }

    put(item) {
      this.shelf.set("out:" + item.client_id, item);
    }

    remove(item) {
      this.shelf.remove("out:" + item.client_id);
    }

    all() {
      return this.shelf.keys("out:").map((key) => this.shelf.get(key)).filter(Boolean)
        .sort((one, other) => one.at - other.at);
    }
  }

  /** One tab at a time, where the browser can see to that. */
  const alone = (name, deed) =>
    navigator.locks ? navigator.locks.request("meridian:" + BASE.href + name, deed) : deed();

  // -- the desk's chat API

  class Refused extends Error {
    constructor(status, message, retryAfter) {
      super(message || STRINGS.refused);
      this.status = status;
      this.retryAfter = retryAfter;
    }
  }

  const call = async (path, { token, ...options } = {}, headers = {}) => {
    if (token) headers.Authorization = "Bearer " + token;
    if (options.body) headers["Content-Type"] = "application/json";
    const response = await fetch(new URL("chat/" + path, BASE), {
      cache: "no-store", credentials: "omit", ...options, headers,
    });
    if (response.ok) return response;
    const problem = await response.json().catch(() => null);
    const seconds = parseFloat(response.headers.get("Retry-After"));
    throw new Refused(response.status, problem?.error?.message, seconds || undefined);
  };

  const desk = {
    begin: async () => (await call("conversations", { method: "POST", body: "{}" })).json(),

    async send(token, item) {
      const body = JSON.stringify({ client_id: item.client_id, ...item.content });
      const signal = AbortSignal.timeout?.(20000);
      const response = await call("messages", { method: "POST", token, body, signal });
      return (await response.json()).seq;
    },

    async messages(token, after, signal) {
      const response = await call(`messages?after=${after}`, { token, signal });
      return (await response.json()).messages;
    },

    /** Server-sent events read by fetch, because EventSource cannot carry the token. */
    async *events(token, after, signal) {
      const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
      const response = await call("events", { token, signal }, headers);
      const type = response.headers.get("Content-Type") ?? "";
      if (!response.body || !type.startsWith("text/event-stream")) throw new TypeError("no stream");
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
        rest = blocks.pop();
        yield { event: "alive" };
        for (const block of blocks) yield parseEvent(block);
      }
    },
  };

  const parseEvent = (block) => {
    const found = { event: "message", data: "" };
    for (const line of block.split(/\r?\n/)) {
      const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (field === "event") found.event = value;
      if (field === "data") found.data += value;
    }
    return found.data ? found : { event: "alive" };
  };

  // -- the parts of one message

  const textPart = (message) =>
    message.text ? el("p", { class: "text", dir: "auto" }, ...linked(message.text)) : null;

  const progressPart = ([n, all]) =>
    el("p", { class: "small progress" }, fill(STRINGS.progress, { n, all }));

  const foldedPart = (label, ...children) =>
    el("details", {
      ontoggle: ({ currentTarget: opened }) => opened.scrollIntoView({ block: "nearest" }),
    }, el("summary", {}, icon("more"), label), ...children);

  const rowsPart = (rows) =>
    rows?.length
      ? el("dl", {}, ...rows.flatMap(([label, value]) => [
          el("dt", {}, label), el("dd", { dir: "auto" }, ...linked(String(value))),
        ]))
      : null;

  const linksPart = (links) =>
    links?.length
      ? el("div", { class: "links" }, ...links.map((each) =>
          link(each.label, each.href, { class: "pill" })))
      : null;

  const cardPart = (card) => {
    const caution = card.kind === "caution";
    return el("section", { class: caution ? "card caution" : "card", "aria-label": card.title },
      caution && el("p", { class: "word" }, icon("alert"), STRINGS.caution),
      el("p", { class: "title" }, card.title),
      rowsPart(card.rows), linksPart(card.links));
  };

  const isUrgent = (message) => message.urgent === true || message.card?.kind === "emergency";

  /** One action first: the call, then the words. */
  const emergencyPart = (message, number) => {
    const card = message.card ?? {};
    const links = [...(card.links ?? [])];
    const first = links.findIndex((each) => String(each.href).startsWith("tel:"));
    const call = first >= 0
      ? links.splice(first, 1)[0]
      : number && { label: fill(STRINGS.callNumber, { number }), href: telephone(number) };
    const word = card.kind === "emergency" ? STRINGS.emergency : STRINGS.urgent;
    const button = call && link(call.label, call.href, { class: "call" });
    button?.prepend(icon("phone"));
    return el("section", { class: "card emergency", "aria-label": word },
      el("p", { class: "word" }, icon("alert"), word),
      card.title && el("p", { class: "title" }, card.title),
      button, textPart(message), rowsPart(card.rows), linksPart(links));
  };

  const sourcesPart = (message) => {
    if (!message.sources?.length) return null;
    const reviewed = message.reviewed_on;
    return foldedPart(STRINGS.sources,
      el("ul", {}, ...message.sources.map((source) => {
        const title = source.year ? `${source.title} (${source.year})` : source.title;
        return el("li", {}, source.url ? link(title, source.url) : title);
      })),
      reviewed && el("p", {}, fill(STRINGS.reviewed, { date: day(reviewed) })));
  };

  const buttonsPart = (buttons, choose) => {
    const short = buttons.length > 4 && buttons.every((button) => button.label.length <= 3);
    return el("div", { class: short ? "choices scale" : "choices", role: "group" },
      ...buttons.map((button) => el("button", {
        type: "button", class: "choice",
        onclick: (event) => {
          event.currentTarget.classList.add("chosen");
          choose({ choice: button.id }, button.label);
        },
      }, button.label)));
  };

  const checklistPart = ({ options, none_id: none }, choose) => {
    const listed = options.some((option) => option.id === none) || !none;
    const all = listed ? options : [...options, { id: none, label: STRINGS.none }];
    const boxes = all.map((option) => el("input", { type: "checkbox", value: option.id }));
    const send = el("button", { type: "button", class: "solid", disabled: true }, STRINGS.send);
    const ticked = () => all.filter((_, index) => boxes[index].checked);
    const tick = (box) => {
      const clears = (other) => other !== box && (box.value === none || other.value === none);
      if (box.checked) boxes.filter(clears).forEach((other) => { other.checked = false; });
      send.disabled = !ticked().length;
    };
    boxes.forEach((box) => box.addEventListener("change", () => tick(box)));
    send.addEventListener("click", () => {
      const chosen = ticked();
      choose({ choices: chosen.map((option) => option.id) },
        chosen.map((option) => option.label).join(", "));
    });
    return el("fieldset", { class: "checklist" },
      el("ul", {}, ...all.map((option, index) =>
        el("li", { class: option.id === none ? "none" : undefined },
          el("label", {}, boxes[index], el("span", {}, option.label))))),
      send);
  };

  const speaker = (message) => {
    if (message.author === "visitor") return STRINGS.you;
    if (message.author === "assistant") return STRINGS.assistant;
    if (message.author !== "staff") return "";
    return message.name ? fill(STRINGS.staffNamed, message) : STRINGS.staff;
  };

  const AUTHORS = ["visitor", "assistant", "staff", "system"];

  /** The list item of one message; screen readers read out `fresh` ones only. */
  const render = (message, choose, number, fresh) => {
    const author = AUTHORS.includes(message.author) ? message.author : "system";
    const urgent = isUrgent(message);
    const who = speaker(message);
    const live = !fresh ? "off" : urgent && "assertive";
    const { more, progress, topic } = message;
    const item = el("li", {
      class: urgent ? author + " urgent" : author, "aria-live": live, "data-topic": topic,
    },
      who && el("p", { class: author === "staff" ? "who" : "unseen" }, who),
      progress && progressPart(progress),
      urgent ? emergencyPart(message, number) : textPart(message),
      more && foldedPart(more.label, el("p", { dir: "auto" }, ...linked(more.text))),
      !urgent && message.card && cardPart(message.card),
      sourcesPart(message),
      message.checklist && checklistPart(message.checklist, choose),
      message.buttons?.length && buttonsPart(message.buttons, choose));
    item.querySelector("fieldset, .choices")?.setAttribute("aria-label", message.text);
    return item;
  };

  // -- the element

  class MeridianChat extends HTMLElement {
    constructor() {
      super();
      this.shelf = new Shelf("localStorage");
      this.tab = new Shelf("sessionStorage");
      this.outbox = new Outbox(this.shelf);
      this.rows = new Map(); // seq -> list item
      this.pending = new Map(); // client_id -> list item not known to be stored
      this.held = new Set(); // client_ids that wait for a tap
      this.tries = 0;
      this.build();
      this.forget();
    }

    get clinic() {
      return this.dataset.clinic || script.dataset.clinic || STRINGS.thisClinic;
    }

    get emergency() {
      return this.dataset.emergency || script.dataset.emergency || "";
    }

    // -- building

    build() {
      const root = this.attachShadow({ mode: "open" });
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(CSS);
        root.adoptedStyleSheets = [sheet];
      } catch {
        root.append(el("style", { nonce: script.nonce || undefined }, CSS));
      }
      this.badge = el("span", { class: "badge", hidden: true });
      this.launcher = el("button", {
        class: "launcher", type: "button", "aria-haspopup": "dialog", onclick: () => this.open(),
      }, icon("chat"), STRINGS.launch, this.badge);
      this.panel = this.buildPanel();
      root.append(this.launcher, this.panel);
    }

    buildPanel() {
      const clinic = this.clinic;
      this.list = el("ol", { class: "log" });
      this.typing = el("li", { class: "typing", "aria-live": "off", hidden: true },
        el("span", { class: "unseen" }, STRINGS.typing), el("i"), el("i"), el("i"));
      this.scroller = el("div", {
        class: "scroll", tabindex: "0", role: "log", "aria-live": "polite",
        "aria-label": STRINGS.conversation,
        onscroll: () => { if (this.atEnd()) this.jump.hidden = true; },
      }, this.list);
      this.notice = el("p", { class: "notice", role: "status", hidden: true });
      const close = el("button", {
        class: "round", type: "button", "aria-label": STRINGS.close, onclick: () => this.close(),
      }, icon("close"));
      this.greet(clinic);
      return el("dialog", {
        "aria-label": fill(STRINGS.panel, { clinic }),
        onclose: () => this.closed(),
        onkeydown: (event) => { if (event.key === "Escape" && !event.isComposing) this.close(); },
      },
      el("header", {},
        el("div", {}, el("h2", {}, clinic), el("p", { class: "small" }, STRINGS.role)), close),
      this.scroller, this.notice, this.buildFooter());
    }

    buildFooter() {
      this.jump = el("button", {
        class: "jump", type: "button", hidden: true, onclick: () => this.toEnd(),
      }, STRINGS.newest);
      this.input = el("textarea", {
        rows: "1", maxlength: String(LIMIT), "aria-label": STRINGS.placeholder,
        placeholder: STRINGS.placeholder, enterkeyhint: "send", dir: "auto",
        oninput: () => this.measure(),
        onkeydown: (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          this.submit();
        },
      });
      this.button = el("button", {
        class: "round send", type: "submit", "aria-label": STRINGS.send, disabled: true,
      }, icon("send"));
      this.counter = el("span", { class: "counter", hidden: true });
      const number = this.emergency;
      const exits = el("div", { class: "exits" },
        el("button", { type: "button", onclick: () => this.askForPerson() },
          icon("person"), STRINGS.person),
        this.counter,
        number && link(fill(STRINGS.emergencyLine, { number }), telephone(number)));
      this.input.value = this.tab.get("draft") ?? "";
      return el("footer", {}, this.jump, el("form", {
        onsubmit: (event) => { event.preventDefault(); this.submit(); },
      }, this.input, this.button), exits);
    }

    /** Said by the page itself: nothing is sent or stored before the visitor writes. */
    greet(clinic) {
      const say = (content, label) => this.say(content, label);
      const starters = STRINGS.starters.map((text) =>
        el("button", { type: "button", class: "choice", onclick: () => say({ text }, text) }, text));
      this.starters = el("div", { class: "choices" }, ...starters);
      this.greeting = el("li", { class: "assistant" },
        el("p", { class: "unseen" }, STRINGS.assistant),
        el("p", { class: "text" }, fill(STRINGS.greeting, { clinic })), this.starters);
    }

    // -- life in the page

    connectedCallback() {
      this.leaving = new AbortController();
      const on = (target, name, deed) =>
        target.addEventListener(name, deed, { signal: this.leaving.signal });
      on(window, "online", () => this.back());
      on(window, "offline", () => { this.away(true); this.line?.abort(); });
      on(window, "storage", (event) => this.otherTab(event));
      on(document, "visibilitychange", () => this.visibility());
      if (window.visualViewport) on(visualViewport, "resize", () => this.fit());
      this.conversation = this.shelf.get("conversation");
      this.showOutbox();
      this.measure();
      if (this.tab.get("open") && !this.fullScreen()) this.reveal();
      if (this.conversation) this.listen();
      this.drain();
    }

    disconnectedCallback() {
      this.leaving.abort();
      this.line?.abort();
      clearTimeout(this.drainTimer);
      clearTimeout(this.hiddenTimer);
    }

    visibility() {
      clearTimeout(this.hiddenTimer);
      if (document.hidden) {
        // Browsers allow six connections a host.
        this.hiddenTimer = setTimeout(() => { this.resting = true; this.line?.abort(); }, HIDDEN_MS);
      } else if (this.resting) {
        this.resting = false;
        this.wake?.();
      }
    }

    otherTab({ key, newValue }) {
      const name = key?.startsWith(this.shelf.prefix) ? key.slice(this.shelf.prefix.length) : "";
      if (name === "conversation" && newValue) {
        this.conversation = this.shelf.get("conversation");
        this.line?.abort();
        this.forget();
        this.listen();
      }
      if (name === "seen") this.countUnread();
      if (name.startsWith("out:")) this.showOutbox();
    }

    fit() {
      // A phone's keyboard would cover it.
      this.panel.style.setProperty("--tall", visualViewport.height + "px");
      this.panel.style.setProperty("--top", visualViewport.offsetTop + "px");
    }

    // -- opening and closing

    fullScreen() {
      return matchMedia("(max-width: 520px), (max-height: 480px)").matches;
    }

    open() {
      if (this.panel.open) return;
      if (this.fullScreen()) this.panel.showModal();
      else this.panel.show();
      this.reveal();
      // On touch, focus in the text field would cover half of the panel with a keyboard.
      (matchMedia("(pointer: coarse)").matches ? this.scroller : this.input).focus();
    }

    reveal() {
      this.panel.setAttribute("open", "");
      this.setAttribute("open", ""); // the page may make room
      this.launcher.hidden = true;
      this.tab.set("open", true);
      this.markSeen();
      this.measure();
      this.toTurn();
    }

    close() {
      this.panel.close();
    }

    closed() {
      this.launcher.hidden = false;
      this.tab.remove("open");
      this.removeAttribute("open");
      this.launcher.focus();
    }

    // -- writing

    measure() {
      const { input, counter } = this;
      const length = input.value.length;
      const stay = this.atEnd();
      input.style.height = "auto";
      if (input.scrollHeight) input.style.height = input.scrollHeight + 2 + "px";
      this.button.disabled = !input.value.trim();
      counter.hidden = length < COUNTER_FROM;
      counter.textContent = fill(STRINGS.left, { n: LIMIT - length });
      this.tab.set("draft", input.value);
      if (stay) this.toEnd();
    }

    submit() {
      const text = this.input.value.trim();
      if (!text) return;
      this.say({ text }, text);
      this.write("");
    }

    write(text) {
      this.input.value = text;
      this.measure();
    }

    askForPerson() {
      const text = STRINGS.personRequest;
      const asked = [...this.pending.values()].some((item) => item.label === text);
      if (!asked) this.say({ text }, text);
    }

    say(content, label) {
      const fromList = this.scroller.contains(this.shadowRoot.activeElement);
      const item = this.outbox.add(content, label);
      this.showOutbox();
      this.toEnd();
      // The control that was used is dead now; what comes next follows this message.
      if (fromList) this.pending.get(item.client_id)?.focus();
      this.drain();
    }

    showOutbox() {
      const items = this.outbox.all();
      const kept = new Set(items.map((item) => item.client_id));
      for (const [id, bubble] of this.pending) {
        if (kept.has(id)) continue;
        if (isWaiting(bubble)) bubble.remove(); // another tab has sent it
        this.pending.delete(id);
      }
      for (const item of items) {
        if (this.pending.has(item.client_id)) continue;
        const bubble = render({ author: "visitor", text: item.label });
        bubble.label = item.label;
        bubble.tabIndex = -1;
        this.pending.set(item.client_id, bubble);
        this.list.insertBefore(bubble, this.typing);
        this.state(bubble, "wait", STRINGS.sending);
      }
      this.settleControls();
    }

    state(bubble, symbol, text, deed) {
      if (!bubble) return;
      const stay = this.atEnd();
      bubble.querySelector(".state")?.remove();
      bubble.classList.toggle("done", symbol === "check");
      bubble.append(el("p", { class: symbol === "alert" ? "state bad" : "state" },
        icon(symbol), text,
        deed && el("button", { type: "button", onclick: deed.act }, deed.label)));
      if (stay) this.toEnd();
    }

    // -- sending

    async drain() {
      if (this.draining) return;
      this.draining = true;
      clearTimeout(this.drainTimer);
      await alone("outbox", async () => {
        try {
          for (let item; (item = this.nextOut()) && (await this.deliver(item)););
        } finally {
          this.draining = false;
        }
      });
    }

    nextOut() {
      return this.outbox.all().find((item) => !this.held.has(item.client_id));
    }

    async deliver(item) {
      const bubble = this.pending.get(item.client_id);
      this.state(bubble, "wait", STRINGS.sending);
      try {
        await this.begin();
        this.stored(item, await desk.send(this.conversation.token, item));
        this.tries = 0;
        return true;
      } catch (error) {
        return error instanceof Refused
          ? this.refused(item, bubble, error)
          : this.later(item, bubble, STRINGS.waiting);
      }
    }

    async begin() {
      this.conversation ??= this.shelf.get("conversation"); // another tab may have begun
      if (!this.conversation) {
        this.conversation = await desk.begin();
        this.shelf.set("conversation", this.conversation);
        this.shelf.remove("seen");
        this.loaded = true;
      }
      this.listen();
    }

    later(item, bubble, text, seconds) {
      const wait = seconds ?? Math.min(30, 2 ** ++this.tries);
      const retry = () => { this.tries = 0; this.drain(); };
      this.state(bubble, "alert", fill(text, { n: Math.ceil(wait) }),
        { label: STRINGS.retry, act: retry });
      clearTimeout(this.drainTimer);
      this.drainTimer = setTimeout(() => this.drain(), wait * 1000);
      return false;
    }

    refused(item, bubble, error) {
      if (error.status === 401 && !item.again) {
        this.renew(this.conversation?.token);
        // Another conversation does not know this one's buttons; what was meant still holds.
        this.outbox.put({ ...item, again: true, content: { text: item.label } });
        return true;
      }
      if (error.status === 429) return this.later(item, bubble, STRINGS.slow, error.retryAfter ?? 5);
      if ([502, 503, 504].includes(error.status)) {
        return this.later(item, bubble, STRINGS.waiting, error.retryAfter);
      }
      if (error.status >= 500 || error.status === 401) this.hold(item, bubble);
      else this.giveUp(item, bubble, error.message);
      return true;
    }

    hold(item, bubble) {
      this.held.add(item.client_id);
      this.state(bubble, "alert", STRINGS.failed, {
        label: STRINGS.retry,
        act: () => { this.held.delete(item.client_id); this.drain(); },
      });
    }

    giveUp(item, bubble, reason) {
      this.outbox.remove(item);
      this.pending.delete(item.client_id);
      if (!bubble) return;
      bubble.seq = this.last + 0.4; // what comes later stands below it
      this.state(bubble, "alert", reason);
      if (item.content.text && !this.input.value) this.write(item.label);
    }

    stored(item, seq) {
      const bubble = this.pending.get(item.client_id);
      this.pending.delete(item.client_id);
      this.outbox.remove(item);
      // A bubble with a number stands for that row already.
      if (bubble?.seq !== undefined) this.state(bubble, "check", STRINGS.stored);
      else if (this.rows.has(seq)) bubble?.remove();
      else if (bubble) this.adopt(bubble, seq);
      this.settleControls();
    }

    adopt(bubble, seq) {
      this.rows.set(seq, bubble);
      bubble.seq = seq;
      this.state(bubble, "check", STRINGS.stored);
    }

    // -- receiving

    forget() {
      this.rows.clear();
      this.last = 0;
      this.loaded = false;
      this.previousAt = 0;
      this.streamFailures = 0;
      this.list.replaceChildren(this.greeting, ...this.pending.values(), this.typing);
    }

    renew(token) {
      if (this.conversation?.token !== token) return;
      const stored = this.shelf.get("conversation");
      if (stored?.token === token) this.shelf.remove("conversation");
      this.conversation = stored?.token === token ? null : stored;
      this.line?.abort();
      this.forget();
      this.list.insertBefore(
        el("li", { class: "system" }, el("p", {}, STRINGS.renewed)), this.greeting.nextSibling);
    }

    async listen() {
      if (this.listening) return;
      this.listening = true;
      let failures = 0;
      while (this.conversation && this.isConnected) {
        const { token } = this.conversation;
        this.line = new AbortController();
        try {
          await this.catchUp(token);
          failures = 0;
          if (this.streamFailures >= 2) await this.poll();
          else await this.stream(token);
        } catch (error) {
          if ([401, 403, 404].includes(error.status)) this.renew(token);
          else if (!this.line.signal.aborted || !navigator.onLine) {
            failures += 1;
            this.away(true);
          }
        }
        this.typing.hidden = true;
        if (this.conversation && (failures || this.resting)) {
          await this.pause(this.resting ? 2 ** 31 - 1 : Math.min(30000, 500 * 2 ** failures));
        }
      }
      this.listening = false;
    }

    async catchUp(token) {
      for (let more = true; more && this.conversation?.token === token;) {
        const messages = await desk.messages(token, this.last, this.line.signal);
        more = messages.length >= 100; // the desk may answer in pages
        this.receive(messages, token, more);
      }
      this.away(false);
      if (this.tries) this.drain();
    }

    async poll() {
      this.polls = (this.polls ?? 0) + 1;
      if (this.polls % POLLS_BEFORE_STREAM === 0) this.streamFailures = 1;
      await this.pause(POLL_MS);
    }

    async stream(token) {
      const line = this.line;
      const within = (ms) => setTimeout(() => line.abort(), ms);
      let began = Infinity;
      let silence = within(OPENING_MS);
      try {
        for await (const { event, data } of desk.events(token, this.last, line.signal)) {
          clearTimeout(silence);
          silence = within(SILENCE_MS);
          if (event === "alive") began = Math.min(began, Date.now());
          if (event === "message") this.receive([JSON.parse(data)], token);
          if (event === "typing") this.showTyping(JSON.parse(data).on);
        }
      } finally {
        clearTimeout(silence);
        this.streamFailures = Date.now() - began > 5000 ? 0 : this.streamFailures + 1;
      }
    }

    pause(milliseconds) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => { clearTimeout(timer); resolve(); };
      });
    }

    back() {
      this.tries = 0;
      this.wake?.();
      this.drain();
    }

    away(on) {
      if (this.notice.hidden !== on) return;
      this.notice.replaceChildren(...(on ? [icon("wait"), STRINGS.away] : []));
      this.notice.hidden = !on;
    }

    receive(messages, token, more = false) {
      if (this.conversation?.token !== token) return;
      const stay = this.atEnd();
      for (const message of messages) this.show(message, stay);
      this.loaded ||= !more;
      this.settleControls();
      if (messages.length && stay) this.toTurn();
      this.markSeen();
    }

    show(message, stay) {
      this.last = Math.max(this.last, message.seq);
      const known = this.rows.has(message.seq);
      const waiting = !known && message.author === "visitor" && this.waitingFor(message.text);
      if (waiting) this.adopt(waiting, message.seq);
      if (known || waiting) {
        this.previousAt = Date.parse(message.at);
        return;
      }
      const choose = (content, label) => this.say(content, label);
      const visitor = message.author === "visitor";
      const item = render(message, choose, this.emergency, this.loaded && !visitor);
      item.seq = message.seq;
      item.author = message.author;
      this.rows.set(message.seq, item);
      this.place(item, message);
      if (visitor) this.state(item, "check", STRINGS.stored);
      else this.showTyping(false);
      if (this.loaded && !visitor && !stay) this.jump.hidden = false;
    }

    /** The stream may bring a message of ours before the answer to its POST. */
    waitingFor(text) {
      return [...this.pending.values()].find((item) => isWaiting(item) && item.label === text);
    }

    place(item, message) {
      const next = [...this.list.children].find((other) =>
        other === this.typing || other.seq > item.seq || isWaiting(other));
      const at = Date.parse(message.at);
      item.at = at;
      if (at - this.previousAt > GAP_MS) {
        const when = el("li", { class: "when" }, el("time", { datetime: message.at }, clock(at)));
        when.seq = item.seq - 0.5;
        this.list.insertBefore(when, next);
      }
      this.previousAt = at || this.previousAt;
      this.list.insertBefore(item, next);
    }

    showTyping(on) {
      const stay = this.atEnd();
      clearTimeout(this.typingTimer);
      this.typing.hidden = !on;
      if (on) this.typingTimer = setTimeout(() => this.showTyping(false), 30000);
      if (on && stay) this.toEnd();
    }

    // -- order in the list

    /** Only the newest question can be answered. */
    settleControls() {
      const items = [...this.list.children];
      let open = true;
      let last = true;
      for (const item of items.reverse()) {
        const visitor = item.classList.contains("visitor");
        const controls = item.querySelector("fieldset, .choices");
        if (visitor) item.classList.toggle("last", last);
        if (visitor) last = false;
        if (controls) kill(controls, !open);
        const closes = visitor || controls || item.matches(".staff, .urgent");
        if (closes) open = false;
      }
      this.starters.hidden = this.starters.firstChild.disabled;
      // A desk that greets in its own words needs no second greeting.
      this.greeting.hidden = this.rows.size > 0 && this.firstAuthor() === "assistant";
    }

    firstAuthor() {
      return this.rows.get(Math.min(...this.rows.keys()))?.author;
    }

    atEnd() {
      const { scrollHeight, scrollTop, clientHeight } = this.scroller;
      return scrollHeight - scrollTop - clientHeight <= AIR;
    }

    /** A turn that is taller than the view is read from its start. */
    toTurn() {
      this.toEnd();
      const last = this.typing.previousElementSibling;
      let start;
      for (let item = last; item.author === "assistant" && last.at - item.at < TURN_MS;) {
        start = item;
        item = item.previousElementSibling;
      }
      const { top, bottom } = this.scroller.getBoundingClientRect();
      const hidden = start && top - start.getBoundingClientRect().top;
      if (!(hidden > 0)) return;
      this.scroller.scrollTop -= hidden + AIR;
      this.jump.hidden = last.getBoundingClientRect().top < bottom;
    }

    toEnd() {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      this.jump.hidden = true;
    }

    // -- what was seen

    markSeen() {
      if (this.panel.open && this.last > (this.shelf.get("seen") ?? 0)) {
        this.shelf.set("seen", this.last);
      }
      this.countUnread();
    }

    countUnread() {
      const seen = this.shelf.get("seen") ?? 0;
      const n = [...this.rows].filter(([seq, item]) =>
        seq > seen && item.matches(".assistant, .staff")).length;
      this.badge.hidden = !n;
      this.badge.textContent = fill(STRINGS.unread, { n });
    }
  }

  const isWaiting = (item) => item.label !== undefined && item.seq === undefined;

  const kill = (controls, dead) => {
    if (controls.matches("fieldset")) controls.disabled = dead;
    else for (const button of controls.children) button.disabled = dead;
  };

  customElements.define("meridian-chat", MeridianChat);

  const place = () => {
    if (!document.querySelector("meridian-chat")) document.body.append(el("meridian-chat"));
  };
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
