// -- into the page

/** The page's own wish first, then the page's language, then the browser's. */
const chosenLanguage = () =>
  [script.dataset.lang, document.documentElement.lang, ...navigator.languages]
    .map((wished) => String(wished).toLowerCase().split("-")[0])
    .find((wished) => LANGUAGES.includes(wished)) ?? "en";

/** Labels in another language than English are fetched; without them English stands. */
const speak = async (wished) => {
  const answer = await fetch(beside(wished + ".json"), { credentials: "omit", signal: within(5000) });
  if (!answer.ok) return;
  STRINGS = { ...ENGLISH, ...(await answer.json()) };
  language = wished;
};

const place = () => {
  if (document.body && !document.querySelector("meridian-chat")) document.body.append(el("meridian-chat"));
};

/** An app that swaps the whole page takes the chat away; one that removes it means it. */
const stay = () => {
  const root = document.documentElement;
  const watch = new MutationObserver((changes) => {
    const swapped = changes.some(({ target, removedNodes }) =>
      target === root || removedNodes.length > 1);
    if (document.body) watch.observe(document.body, { childList: true });
    if (swapped) place();
  });
  watch.observe(root, { childList: true });
  watch.observe(document.body, { childList: true });
};

const start = () => {
  if (!customElements.get("meridian-chat")) customElements.define("meridian-chat", MeridianChat);
  place();
  stay();
};

const ready = () => {
  if (customElements.get("meridian-chat")) return place(); // the page has two tags, or ran twice
  const wished = chosenLanguage();
  if (wished === "en") start();
  else speak(wished).catch(() => {}).then(start);
};
if (document.body) ready();
else document.addEventListener("DOMContentLoaded", ready);
