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
    if (attempt(write)) return;
    this.remove(key); // an older value would be read in its place
    this.memory.set(key, value);
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

  has(item) {
    return this.shelf.get("out:" + item.client_id);
  }

  all() {
    return this.shelf.keys("out:").map((key) => this.shelf.get(key)).filter(Boolean)
      .sort((one, other) => one.at - other.at);
  }
}

/** One tab at a time, where the browser can see to that and its visitor lets it. */
const alone = async (name, deed) => {
  let begun;
  try {
    await navigator.locks.request("meridian:" + BASE.href + name, () => (begun = deed()));
  } catch {
    await (begun ?? deed());
  }
};
