// Opens a conversation by a link that works once, only when it is asked to.
"use strict";
{
  const button = document.getElementById("go-on");
  const told = document.getElementById("told");
  const say = (text) => {
    told.textContent = text;
  };

  const open = async () => {
    const response = await fetch("/chat/continue", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ pass: location.pathname.split("/").pop() }),
    });
    if (response.status === 401) {
      say("This link was used before or is too old. Ask for a new one in Telegram: /page");
      return;
    }
    if (!response.ok) throw new Error(response.status);
    const chat = JSON.stringify(await response.json());
    // Where the chat on our page keeps its conversation, and how far it was read.
    const place = `meridian:${location.host}/:`;
    localStorage.removeItem(place + "seen");
    localStorage.setItem(place + "conversation", chat);
    sessionStorage.setItem(place + "open", "true");
    location.replace("/");
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await open();
    } catch {
      say("That did not work. Please check your connection and try again.");
      button.disabled = false;
    }
  });
}
