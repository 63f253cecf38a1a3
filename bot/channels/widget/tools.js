/*
 * Meridian's chat widget: one script, no dependency, no build step.
 *
 *   <script src="https://desk.example/widget/meridian.js" defer
 *           data-clinic="North Light Acupuncture" data-emergency="911"></script>
 *
 * The desk joins these files into one function and puts before them what it knows:
 * CLINIC, ENGLISH, LANGUAGES, VERSION and CSS (bot/channels/widget_files.py).
 * Text is set as text, never as HTML; runs under a strict policy with Trusted Types.
 */
const script = document.currentScript ?? document.querySelector('script[src*="/meridian.js"]');
const BASE = new URL("../", script.src);

let STRINGS = ENGLISH;
let language = "en";

const LIMIT = 2000;
const COUNTER_FROM = 1800;
const POLL_MS = 2500;
const ANSWER_MS = 20000; // a call without an answer by then has failed
const OPENING_MS = 6000; // no byte of a stream by then: something on the way holds it back
const SILENCE_MS = 60000; // a stream without a byte for so long is dead
const HIDDEN_MS = 60000; // a tab hidden for so long gives its connection back
const POLLS_BEFORE_STREAM = 40;
const GAP_MS = 15 * 60000;
const TURN_MS = 5000;
const AIR = 12; // px: less is the end

const ICONS = {
  chat: "M4 5.5h16v11H10l-4.5 3.5v-3.5H4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 20c1-4 4-6 8-6s7 2 8 6",
  phone: "M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3c0 1-1 2-2 2" +
    "C10.5 19 4.5 13 4.5 6c0-1 1-2 2-2z",
  alert: "M12 4L2.5 20h19zM12 10v4.5M12 17.3v.1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  more: "M9 6l6 6-6 6",
  dots: "M12 5.5v.1M12 12v.1M12 18.5v.1",
  wait: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7.5V12l3 2",
};

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

/** Styles in a way that a strict policy allows. */
const dress = (root, css) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    root.append(el("style", { nonce: script.nonce || undefined }, css));
  }
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

/** A file beside this script; the number keeps an older one out. */
const beside = (name) => new URL(`widget/${name}?v=${VERSION}`, BASE).href;

/** A part that few visitors need. */
const part = async (name) => (await import(beside(name))).default;

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

// In English the browser knows better how its reader writes a date.
const locale = () => (language === "en" ? [] : language);

// Noon, so that the day is the same one everywhere.
const day = (text) =>
  new Date(text.slice(0, 10) + "T12:00").toLocaleDateString(locale(), { dateStyle: "long" });

const DATE = { weekday: "short", day: "numeric", month: "short" };
const moment = (at, options) =>
  new Date(at).toLocaleString(locale(), { hour: "numeric", minute: "2-digit", ...options });

const clock = (at) =>
  moment(at, new Date(at).toDateString() === new Date().toDateString() ? {} : DATE);
