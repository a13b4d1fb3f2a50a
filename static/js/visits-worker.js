/* Service worker of the pages of site visits: the form opens without a connection.
   Pages come from the net where there is one; entries are kept and sent by visits.js.
   self.TOLD is written by the server before this file. */
const PAGES = "visits-pages-2";
const FILES = "visits-files-" + self.TOLD.assets.join("|").length + "-" + sum(self.TOLD.assets.join("|"));

function sum(text) {
  let n = 0;
  for (let i = 0; i < text.length; i++) n = (n * 31 + text.charCodeAt(i)) | 0;
  return n >>> 0;
}

async function keepPage(request) {
  const answer = await fetch(request, { credentials: "same-origin", cache: "no-store" });
  if (answer.ok && !answer.redirected) {
    const pages = await caches.open(PAGES);
    await pages.put(new URL(answer.url).pathname, answer.clone());
  }
  return answer;
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const files = await caches.open(FILES);
      await files.addAll(self.TOLD.assets);
      await Promise.allSettled([keepPage(self.TOLD.form)]);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("visits-") && name !== FILES && name !== PAGES) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

/* Only forms: the list of visits names enterprises and officers, and would stay on the
   phone after signing out. */
function isKept(path) {
  return path.startsWith(self.TOLD.form);
}

async function pageFor(request) {
  const path = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (isKept(path) && answer.ok && answer.type === "basic" && !answer.redirected) {
      const pages = await caches.open(PAGES);
      await pages.put(path, answer.clone());
    }
    return answer;
  } catch (error) {
    const pages = await caches.open(PAGES);
    const kept = (await pages.match(path)) || (await pages.match(self.TOLD.form));
    if (kept) return kept;
    throw error;
  }
}

async function fileFor(request) {
  const files = await caches.open(FILES);
  return (await files.match(request)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(pageFor(request));
  else if (self.TOLD.assets.includes(url.pathname)) event.respondWith(fileFor(request));
});
