// -- the parts of one message

const textPart = ({ text, hint }) => {
  // The lines of the scales stand beside them.
  const shown = text?.replace((hint?.lines ?? []).map((line) => "\n" + line).join(""), "");
  return shown ? el("p", { class: "text", dir: "auto" }, ...linked(shown)) : null;
};

const progressPart = ([n, all]) =>
  el("p", { class: "small progress", dir: "auto" }, fill(STRINGS.progress, { n, all }));

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
  const links = [...(card.links ?? [])];
  if (card.calendar_url) links.unshift({ label: STRINGS.calendar, href: card.calendar_url });
  return el("section", { class: "card", "aria-label": card.title },
    el("p", { class: "title" }, card.title),
    rowsPart(card.rows), linksPart(links));
};

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

/** One tap is the answer: short numbers in a row, openings by day, places on a body. */
const buttonsPart = ({ buttons, hint = {} }, choose) => {
  const made = buttons.map((button) => el("button", {
    type: "button", class: "choice", dir: "auto",
    onclick: (event) => {
      event.currentTarget.classList.add("chosen");
      choose({ choice: button.id }, button.label);
    },
  }, button.label));
  if (hint.kind === "openings") return openingsPart(made, hint.parts);
  if (hint.kind === "body_map") return bodyPart(made, hint.parts);
  const short = buttons.length > 4 && buttons.every((button) => button.label.length <= 3);
  return el("fieldset", { class: short ? "choices scale" : "choices" }, ...made);
};

/** Days as groups, times as buttons; what is no opening stands below. */
const openingsPart = (made, openings) => {
  const days = new Map([["", []]]);
  made.forEach((button, index) => {
    const [day, time, who] = openings[index] ?? [""];
    if (time) button.replaceChildren(time, el("span", { class: "small" }, who));
    days.set(day, [...(days.get(day) ?? []), button]);
  });
  const [others, ...groups] = days;
  return el("fieldset", { class: "days" },
    ...groups.map(([day, times]) => el("div", { role: "group", "aria-label": day },
      el("p", { class: "day", dir: "auto" }, day), el("div", { class: "choices" }, ...times))),
    el("div", { class: "choices" }, ...others[1]));
};

/** The picture only repeats the buttons; its place is kept free until it is here. */
const bodyPart = (made, places) => {
  const figure = el("div", { class: "figure", "aria-hidden": "true" });
  part("body.js").then((draw) => draw({ dress, STRINGS, figure, made, places }),
    () => { figure.hidden = true; });
  return el("fieldset", {}, figure, el("div", { class: "choices" }, ...made));
};

/** Several numbers from 0 to 10, sent as one line of text. */
const scalesPart = (lines, choose) => {
  const set = uuid();
  const send = el("button", { type: "button", class: "solid", disabled: true }, STRINGS.send);
  const rows = lines.map((line, index) => el("div", { role: "radiogroup", "aria-label": line },
    el("p", {}, line),
    el("div", { class: "scale" }, ...Array.from({ length: 11 }, (_, n) => el("label", {},
      el("input", { type: "radio", name: set + index, value: String(n) }),
      el("span", { class: "choice" }, String(n)))))));
  const whole = el("fieldset", { class: "scales" }, ...rows, send);
  const chosen = () => [...whole.querySelectorAll("input:checked")].map((one) => one.value);
  whole.addEventListener("change", () => { send.disabled = chosen().length < lines.length; });
  send.addEventListener("click", () => choose({ text: chosen().join(", ") }, chosen().join(", ")));
  return whole;
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
      el("li", {}, el("label", {}, boxes[index], el("span", { dir: "auto" }, option.label))))),
    send);
};

const speaker = ({ author, name }) => ({
  visitor: STRINGS.you,
  assistant: STRINGS.assistant,
  staff: name ? fill(STRINGS.staffNamed, { name }) : STRINGS.staff,
})[author] ?? "";

/** The list item of one message; screen readers read out `fresh` ones only. */
const render = (message, choose, number, fresh) => {
  const { author, more, progress, topic, urgent } = message;
  const who = speaker(message);
  const live = !fresh ? "off" : urgent && "assertive";
  const item = el("li", {
    class: urgent ? author + " urgent" : author, "aria-live": live, "data-topic": topic,
    // The assistant and the desk speak English, whatever the labels are in.
    lang: ["assistant", "system"].includes(author) && "en",
  },
    who && el("p", { class: author === "staff" ? "who" : "unseen", lang: language }, who),
    progress && progressPart(progress),
    urgent ? emergencyPart(message, number) : textPart(message),
    more && foldedPart(more.label, el("p", { dir: "auto" }, ...linked(more.text))),
    !urgent && message.card && cardPart(message.card),
    sourcesPart(message),
    message.checklist && checklistPart(message.checklist, choose),
    message.hint?.lines && scalesPart(message.hint.lines, choose),
    message.buttons?.length && buttonsPart(message, choose));
  const said = item.querySelector(".text")?.textContent;
  if (said) item.querySelector("fieldset")?.setAttribute("aria-label", said);
  return item;
};
