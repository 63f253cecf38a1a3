/*
 * What visitors may do with their chat: keep a copy, go on in Telegram, have it deleted.
 * The desk puts before it ENGLISH, the words that only this part needs, and TELEGRAM:
 * "" without a bot, else what becomes of questions on health (link, off, allowed).
 */
export default ({ chat, call, desk, el, link, fill, clock, speaker, STRINGS }) => {
  const words = { ...ENGLISH, ...STRINGS.yoursWords };
  const told = el("p", { role: "status" });
  const button = (label, onclick, kind = "choice") =>
    el("button", { type: "button", class: kind, onclick }, label);
  const show = (...parts) => {
    chat.yours.replaceChildren(...parts, told);
    parts.at(-1).querySelector("a, button:enabled")?.focus();
  };
  const choices = (...buttons) => el("div", { class: "choices" }, ...buttons);

  const everything = async () => {
    const found = [];
    for (let page; !page || page.length; found.push(...page)) {
      page = await desk.messages(chat.conversation.token, found.at(-1)?.seq ?? 0);
    }
    return found;
  };

  const written = (message) => {
    const lines = [`${clock(Date.parse(message.at))}  ${speaker(message) || chat.clinic}`];
    lines.push(message.text);
    for (const [label, value] of message.card?.rows ?? []) lines.push(`${label}: ${value}`);
    for (const source of message.sources ?? []) lines.push(`${STRINGS.sources}: ${source.title}`);
    return lines.join("\n");
  };

  const save = async () => {
    const title = fill(STRINGS.panel, { clinic: chat.clinic });
    const text = [title, ...(await everything()).map(written)].join("\n\n") + "\n";
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    el("a", { href: address, download: `${chat.clinic}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    told.textContent = words.saved;
  };

  const askDesk = async (path, method) =>
    (await call(path, { method, token: chat.conversation.token })).json();

  /** The link is asked for when it is wanted, because it is good once and for a day. */
  const goOn = async () => {
    const { link: address } = await askDesk("telegram", "POST");
    const policy = {
      link: words.telegramLink, off: words.telegramOff, allowed: words.telegramAllowed,
    }[TELEGRAM];
    show(el("p", {}, words.telegramTold, " ", policy), choices(
      link(words.telegramOpen, address, { class: "pill" }), button(words.telegramStay, begin)));
  };

  const forget = async () => {
    // The desk ends the line with the chat: no call is to follow.
    chat.resting = true;
    try {
      // Some of appointment, request, lock: what the clinic must keep.
      const { kept } = await askDesk("conversations", "DELETE");
      const names = { appointment: "keptAppointment", request: "keptRequest", lock: "keptLock" };
      chat.erase([words.forgotten, ...kept.map((one) => words[names[one]])].join(" "));
      chat.showYours(false);
    } finally {
      chat.resting = false;
      chat.wake?.();
    }
  };

  const trying = (deed) => async ({ currentTarget: pressed }) => {
    pressed.disabled = true; // one tap is one deed
    told.textContent = "";
    try {
      await deed();
    } catch (error) {
      // The chat is gone already, deleted from elsewhere perhaps.
      if (error.status === 401) {
        chat.renew(chat.conversation?.token);
        return chat.showYours(false);
      }
      told.textContent = error.status === 409 ? words.stillNeeded : STRINGS.broken;
    }
    pressed.disabled = false;
  };

  const ask = () => show(el("p", {}, words.forgetAsk), choices(
    button(words.forgetNo, begin), button(words.forgetYes, trying(forget), "choice grave")));

  const begin = () => {
    const deeds = [
      button(words.save, trying(save)),
      TELEGRAM && button(words.telegram, trying(goOn)),
      button(words.forget, ask),
    ].filter(Boolean);
    for (const one of deeds) one.disabled = !chat.conversation;
    show(choices(...deeds));
  };

  begin();
};
