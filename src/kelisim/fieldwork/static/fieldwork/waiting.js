// What waits to be sent, said on every page of an interviewer, and sent as soon as there is a line.
import { all, send, sealed, unsealed } from "./outbox.js";

const place = document.querySelector("[data-outbox]");
const count = place.querySelector("[data-count]");
const list = place.querySelector("[data-told]");

async function show() {
  const waiting = await all();
  count.textContent = waiting.length;
  place.hidden = waiting.length === 0 && navigator.onLine;
  place.querySelector("[data-offline]").hidden = navigator.onLine;
  place.querySelector("[data-waiting]").hidden = waiting.length === 0;
  list.replaceChildren(
    ...waiting.filter((one) => one.told).map((one) => Object.assign(document.createElement("li"), { textContent: one.told })),
  );
}

async function sendAndShow() {
  await show();
  if (navigator.onLine) await send();
  await show();
}

place.querySelector("[data-send]").addEventListener("click", sendAndShow);
place.querySelector("[data-seal]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await sealed(new FormData(event.target).get("word")));
  link.download = "kelisim-outbox.json";
  link.click();
});
document.querySelector("[data-unseal]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(event.target);
  await unsealed(given.get("file"), given.get("word"));
  await sendAndShow();
});
addEventListener("online", sendAndShow);
addEventListener("offline", show);
addEventListener("kelisim-kept", sendAndShow);
navigator.serviceWorker?.register("/fieldwork-worker.js", { scope: "/" });
sendAndShow();
