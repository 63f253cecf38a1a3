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
    return script.dataset.clinic || CLINIC.name;
  }

  get emergency() {
    return script.dataset.emergency || CLINIC.emergency;
  }

  /** A page may ask in its own words; somebody who wrote before is asked to go on. */
  get invitation() {
    const begun = this.shelf.get("conversation") && STRINGS.resume;
    return begun || script.dataset.hint || STRINGS.launch;
  }

  /** `{when}` in a page's own words is the next free time; the button waits for it. */
  async invite(text) {
    const timed = text.includes("{when}");
    this.words.textContent = timed ? STRINGS.launch : text;
    if (!timed) return;
    this.launcher.hidden = true;
    const when = await desk.nextFree().catch(() => "");
    if (when) this.words.textContent = fill(text, { when });
    this.launcher.hidden = this.panel.open;
  }

  // -- building

  build() {
    const root = this.attachShadow({ mode: "open" });
    dress(root, CSS);
    this.badge = el("span", { class: "badge", hidden: true });
    this.launcher = el("button", {
      class: "launcher", type: "button", "aria-haspopup": "dialog", lang: language,
      onclick: () => this.open(),
    }, icon("chat"), this.words = el("span"), this.badge);
    this.panel = this.buildPanel();
    root.append(this.launcher, this.panel);
    this.invite(this.invitation);
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
    this.told = el("p", { class: "unseen", role: "status" }); // what failed, for who cannot see it
    const close = el("button", {
      class: "round", type: "button", "aria-label": STRINGS.close, onclick: () => this.close(),
    }, icon("close"));
    this.yours = el("section", { class: "yours", "aria-label": STRINGS.yours, hidden: true });
    this.yoursButton = el("button", {
      class: "round", type: "button", "aria-label": STRINGS.yours, "aria-expanded": "false",
      onclick: () => this.showYours(this.yours.hidden),
    }, icon("dots"));
    const logo = CLINIC.logo && el("img", {
      src: beside(CLINIC.logo), alt: "", width: 32, height: 32,
      onerror: ({ currentTarget: broken }) => broken.remove(),
    });
    this.greet(clinic);
    return el("dialog", {
      "aria-label": fill(STRINGS.panel, { clinic }), lang: language,
      onclose: () => this.closed(),
      onkeydown: (event) => { if (event.key === "Escape" && !event.isComposing) this.close(); },
    },
    el("div", { class: "head" }, logo,
      el("div", {}, el("h2", {}, clinic), el("p", { class: "small" }, STRINGS.role)),
      this.yoursButton, close),
    this.yours, this.scroller, this.notice, this.told, this.buildFooter());
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
    return el("div", { class: "foot" }, this.jump, el("form", {
      onsubmit: (event) => { event.preventDefault(); this.submit(); },
    }, this.input, this.button), exits);
  }

  /** Said by the page itself: nothing is sent or stored before the visitor writes. */
  greet(clinic) {
    const say = (content, label) => this.say(content, label);
    // The labels may be in another language; the assistant understands English.
    const starters = ENGLISH.starters.map((text, index) => el("button", {
      type: "button", class: "choice", onclick: () => say({ text }, text),
    }, STRINGS.starters[index]));
    this.starters = el("fieldset", { class: "choices", "aria-label": STRINGS.launch }, ...starters);
    this.greeting = el("li", { class: "assistant" },
      el("p", { class: "unseen" }, STRINGS.assistant),
      el("p", { class: "text", dir: "auto" }, fill(STRINGS.greeting, { clinic })), this.starters);
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
    if (this.panel.open && this.fullScreen()) this.modal(); // an app has moved it
    if (this.conversation) this.listen();
    this.back();
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
    } else if (name === "conversation") this.renew(this.conversation?.token);
    if (name === "seen") this.countUnread();
    if (name.startsWith("out:")) {
      this.showOutbox();
      // What the other tab cannot send is tried here, so that both say how it stands;
      // not at once: what is stored on the device reaches other tabs a little late.
      clearTimeout(this.drainTimer);
      this.drainTimer = setTimeout(() => this.drain(), 2000);
    }
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
    if (this.fullScreen()) this.modal();
    else this.panel.show();
    this.reveal();
    // On touch, focus in the text field would cover half of the panel with a keyboard.
    (matchMedia("(pointer: coarse)").matches ? this.scroller : this.input).focus();
  }

  modal() {
    this.panel.removeAttribute("open");
    this.panel.showModal();
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

  // -- the visitor's own data

  async showYours(on) {
    this.yours.hidden = !on;
    this.yoursButton.setAttribute("aria-expanded", String(on));
    if (!on) return this.yoursButton.focus();
    const fillIn = await part("yours.js").catch(() => null);
    if (fillIn) fillIn({ chat: this, call, desk, el, link, fill, clock, speaker, STRINGS });
    else this.yours.replaceChildren(el("p", { role: "status" }, STRINGS.broken));
  }

  /** Begins anew on this device, as if nothing had been said. */
  erase(note) {
    this.line?.abort();
    for (const key of ["conversation", "seen", ...this.shelf.keys("out:")]) this.shelf.remove(key);
    this.conversation = null;
    this.pending.clear();
    this.write("");
    this.forget();
    this.noteOnTop(note);
    this.settleControls();
  }

  noteOnTop(text) {
    this.list.insertBefore(
      el("li", { class: "system" }, el("p", {}, text)), this.greeting.nextSibling);
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
    const text = ENGLISH.personRequest;
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
      this.pending.delete(id);
      if (!isWaiting(bubble)) continue;
      bubble.remove(); // another tab has sent it
      this.reached();
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
    const told = { alert: text, check: "" }[symbol] ?? this.told.textContent;
    if (told !== this.told.textContent) this.told.textContent = told;
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
    let token;
    try {
      token = await this.begin();
      this.stored(item, await desk.send(token, item));
      this.tries = 0;
      this.reached();
      return true;
    } catch (error) {
      if (!this.outbox.has(item)) return true; // the chat was deleted meanwhile
      return error instanceof Refused
        ? this.refused(item, bubble, error, token)
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
    return this.conversation.token;
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

  refused(item, bubble, error, token) {
    const gone = error.status === 401;
    const foreign = error.status === 422 && !item.content.text;
    if ((gone || foreign) && !item.again) {
      if (gone) this.renew(token);
      // Another conversation does not know this one's buttons; what was meant still holds.
      this.outbox.put({ ...item, again: true, content: { text: item.label } });
      return true;
    }
    if (error.status === 429) return this.later(item, bubble, STRINGS.slow, error.retryAfter ?? 5);
    if ([408, 502, 503, 504].includes(error.status)) {
      return this.later(item, bubble, STRINGS.waiting, error.retryAfter);
    }
    if (error.status >= 500 || gone) this.hold(item, bubble);
    // In the widget's language; the desk's own words are for whoever writes a client.
    else this.giveUp(item, bubble, error.status === 413 ? fill(STRINGS.tooLong, { n: LIMIT }) : STRINGS.refused);
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
    bubble.refused = true;
    this.state(bubble, "alert", reason);
    this.settleControls();
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
    // One that failed before it stands below it now.
    const next = this.below(seq);
    if (bubble.nextSibling !== next) this.list.insertBefore(bubble, next);
    this.state(bubble, "check", STRINGS.stored);
  }

  below(seq) {
    return [...this.list.children].find((other) =>
      other === this.typing || other.seq > seq || isWaiting(other));
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
    // Another tab may have begun anew already.
    const stored = this.shelf.get("conversation");
    const ended = stored?.token === token;
    if (ended) for (const key of ["conversation", "seen"]) this.shelf.remove(key);
    this.conversation = ended ? null : stored;
    this.line?.abort();
    this.forget();
    this.noteOnTop(STRINGS.renewed);
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
        if (error.status === 401) this.renew(token);
        else if (!this.line.signal.aborted || !navigator.onLine) {
          failures += 1;
          this.away(true);
        }
      }
      this.typing.hidden = true;
      if (this.conversation && (failures || this.resting)) {
        await this.pause(this.resting ? 2 ** 31 - 1 : Math.min(30000, 500 * 2 ** failures) * (.5 + Math.random()));
      }
    }
    this.listening = false;
  }

  async catchUp(token) {
    const { line } = this;
    const late = setTimeout(() => { this.away(true); line.abort(); }, ANSWER_MS);
    try {
      for (let more = true; more && this.conversation?.token === token;) {
        const messages = await desk.messages(token, this.last, line.signal);
        more = messages.length >= 100; // the desk may answer in pages
        this.receive(messages, token, more);
      }
    } finally {
      clearTimeout(late);
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
    const silentFor = (ms) => setTimeout(() => line.abort(), ms);
    let began = Infinity;
    let silence = silentFor(OPENING_MS);
    try {
      for await (const { event, data } of desk.events(token, this.last, line.signal)) {
        clearTimeout(silence);
        silence = silentFor(SILENCE_MS);
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

  /** The desk is there: what it says is not waited for any longer. */
  reached() {
    if (!this.resting) this.wake?.();
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
    const next = this.below(item.seq);
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
      const visitor = item.matches(".visitor") && !item.refused;
      const controls = item.querySelector("fieldset");
      if (visitor) item.classList.toggle("last", last);
      if (visitor) last = false;
      if (controls) controls.disabled = !open;
      const closes = visitor || controls || item.matches(".staff, .urgent");
      if (closes) open = false;
    }
    this.starters.hidden = this.starters.disabled;
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
