// Opens a conversation by a link that works once, only when it is asked to.
"use strict";
{
  const button = document.getElementById("go-on");
  const told = document.getElementById("told");
  // Where the chat on our page keeps its conversation, and how far it was read.
  const place = `meridian:${location.host}/:`;
  const say = (text) => {
    told.textContent = text;
  };

  const hasRoom = () => {
    try {
      for (const storage of [localStorage, sessionStorage]) {
        storage.setItem(place + "room", "-".repeat(1000));
        storage.removeItem(place + "room");
      }
      return true;
    } catch {
      return false;
    }
  };

  const open = async () => {
    if (!hasRoom()) {
      say("This browser lets our page keep nothing, and the chat needs that. Your link still works: allow it here, or open it in another browser.");
      button.disabled = false;
      return;
    }
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
