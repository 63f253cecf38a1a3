// -- the desk's chat API

class Refused extends Error {
  constructor(status, retryAfter) {
    super(status);
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
  const seconds = parseFloat(response.headers.get("Retry-After"));
  throw new Refused(response.status, seconds || undefined);
};

const within = (ms) => AbortSignal.timeout?.(ms);

const desk = {
  // JSON, so that the browser asks first whether this website may.
  begin: async () => (await call("conversations", {
    method: "POST", body: "{}", signal: within(ANSWER_MS),
  })).json(),

  async send(token, item) {
    const body = JSON.stringify({ client_id: item.client_id, ...item.content });
    const response = await call("messages", {
      method: "POST", token, body, signal: within(ANSWER_MS),
    });
    return (await response.json()).seq;
  },

  async messages(token, after, signal) {
    const response = await call(`messages?after=${after}`, { token, signal });
    return (await response.json()).messages;
  },

  async nextFree() {
    const answer = await call("next", { cache: "default", signal: within(3000) });
    const { at } = await answer.json();
    // As the clinic's clock shows it: this browser may not know when zones change.
    return at && moment(at.slice(0, 19) + "Z", { ...DATE, timeZone: "UTC" });
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
    const [, field, value] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
    if (field === "event") found.event = value;
    if (field === "data") found.data += value;
  }
  return found.data ? found : { event: "alive" };
};
