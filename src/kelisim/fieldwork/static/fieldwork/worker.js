// The service worker of fieldwork: what an interviewer opened once opens without a line too. The net
// comes first; what was kept answers only where it does not.
const KEPT = "kelisim-fieldwork-1";
const OURS = /^\/((kk|ru|en)\/fieldwork\/|static\/|openrosa\/[^/]+\/forms\/)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !OURS.test(pathname)) return;
  event.respondWith(answered(request));
});

async function answered(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await kept.put(request, answer.clone());
    return answer;
  } catch (down) {
    const before = await kept.match(request, { ignoreVary: true });
    if (before) return before;
    throw down;
  }
}
