// Fails when what a page of dist/ needs is over its budget: the first load of the inbox, the inbox with a conversation open, and the chat of a visitor.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const loads = [
  { name: "the inbox", opened: ["index.html"], budget: { script: 200_000, style: 30_000 } },
  {
    name: "the inbox with a conversation",
    opened: ["index.html", "src/thread/ConversationPane.tsx"],
    budget: { script: 245_000, style: 30_000 },
  },
];

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

/** The files that a page needs, with all that they import. */
function filesOf(opened) {
  const files = { script: new Set(), style: new Set() };
  const seen = new Set();
  const need = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`${key} is not in the manifest: scripts/budget.mjs has to learn where it went`);
    files.script.add(chunk.file);
    for (const file of chunk.css ?? []) files.style.add(file);
    for (const imported of chunk.imports ?? []) need(imported);
  };
  opened.forEach(need);
  return files;
}

const compressed = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;

let over = false;
for (const { name, opened, budget } of loads) {
  for (const [kind, files] of Object.entries(filesOf(opened))) {
    const size = [...files].reduce((sum, file) => sum + compressed(file), 0);
    console.log(
      `${name}: ${(size / 1000).toFixed(1)} KB of ${kind}, gzip, in ${files.size} files; budget ${budget[kind] / 1000} KB`,
    );
    over ||= size > budget[kind];
  }
}
// What a company's site loads is one file with everything in it.
const widget = { size: compressed("widget/v1/omni-chat.js"), budget: 20_000 };
console.log(`the widget: ${(widget.size / 1000).toFixed(1)} KB, gzip; budget ${widget.budget / 1000} KB`);
over ||= widget.size > widget.budget;
if (over) {
  console.error("Over the budget: what is not needed at once has to be loaded by its route, or when it is asked for.");
  process.exit(1);
}
