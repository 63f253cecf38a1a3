// While a training goes on the page looks again by itself.
"use strict";
(() => {
  const EVERY_MS = 3_000;
  const pages = new BroadcastChannel("meridian:staff");
  setInterval(() => {
    if (!document.hidden && document.querySelector("#training[data-running]"))
      pages.postMessage({ what: "changed" });
  }, EVERY_MS);
})();
