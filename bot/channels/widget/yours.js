/*
 * What visitors may do with their own data: keep a copy, and have it deleted.
 * The desk puts ENGLISH before it, the words that only this part needs.
 */
export default ({ chat, desk, el, fill, clock, speaker, STRINGS }) => {
  const words = { ...ENGLISH, ...STRINGS.yoursWords };
  const told = el("p", { role: "status" });
  const button = (label, onclick, kind = "choice") =>
    el("button", { type: "button", class: kind, onclick }, label);
  const show = (...parts) => {
    chat.yours.replaceChildren(...parts, told);
    parts.at(-1).querySelector("button:enabled")?.focus();
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

  const forget = async () => {
    const kept = await desk.forget(chat.conversation.token);
    const names = { appointment: "keptAppointment", request: "keptRequest", lock: "keptLock" };
    chat.erase([words.forgotten, ...kept.map((one) => words[names[one]])].join(" "));
    chat.showYours(false);
  };

  const trying = (deed) => async ({ currentTarget: pressed }) => {
    pressed.disabled = true; // one tap is one deed
    told.textContent = "";
    try {
      await deed();
    } catch (error) {
      // A refusal says why; anything else is the line.
      told.textContent = error.status === 409 ? error.message : STRINGS.broken;
    }
    pressed.disabled = false;
  };

  const ask = () => show(el("p", {}, words.forgetAsk), choices(
    button(words.forgetNo, begin), button(words.forgetYes, trying(forget), "choice grave")));

  const begin = () => {
    const both = [button(words.save, trying(save)), button(words.forget, ask)];
    for (const one of both) one.disabled = !chat.conversation;
    show(choices(...both));
  };

  begin();
};
