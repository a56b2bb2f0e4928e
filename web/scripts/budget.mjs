// Fails the build when a first load of the inbox, with a conversation open, needs more script or style than the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const budget = { script: 200_000, style: 30_000 };
const opened = ["index.html", "src/thread/ConversationPane.tsx"];

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const files = { script: new Set(), style: new Set() };
const seen = new Set();

function need(key) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the manifest: scripts/budget.mjs has to learn where it went`);
  files.script.add(chunk.file);
  for (const file of chunk.css ?? []) files.style.add(file);
  for (const imported of chunk.imports ?? []) need(imported);
}

opened.forEach(need);

const sizes = Object.fromEntries(
  Object.entries(files).map(([kind, names]) => [
    kind,
    [...names].reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length, 0),
  ]),
);

let over = false;
for (const [kind, size] of Object.entries(sizes)) {
  console.log(
    `first load, ${kind}: ${(size / 1000).toFixed(1)} KB gzip in ${files[kind].size} files, budget ${budget[kind] / 1000} KB`,
  );
  over ||= size > budget[kind];
}
if (over) {
  console.error("The first load is over its budget: load what is not needed at once by its route.");
  process.exit(1);
}
