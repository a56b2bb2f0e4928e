import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where a running `omni dev` answers, for `npm run dev`: the dashboard's own server passes on everything that is not a page.
const backend = process.env.OMNI_DEV ?? "http://127.0.0.1:8080";
const passedOn = ["/v1", "/config.json", "/oidc", "/ws", "/files", "/simulator/api"];

interface Graph {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

const start = "/src/main.tsx";
// What a package hands out by one file is not all for the first page.
const isBarrel = (id: string) => /\/node_modules\/(radix-ui|lucide-react)\//.test(id) && !id.includes("/icons/");
const first = new Map<string, boolean>();

/** Whether the dashboard's start reaches a module without loading anything lazily. Of barrels only icons count: what else is in them may be for later. */
function isFirst(id: string, graph: Graph): boolean {
  const known = first.get(id);
  if (known !== undefined) return known;
  first.set(id, false);
  const reached =
    id.endsWith(start) || (graph.getModuleInfo(id)?.importers ?? []).some((by) => !isBarrel(by) && isFirst(by, graph));
  first.set(id, reached);
  return reached;
}

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "~": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    target: "es2022",
    manifest: true,
    // The budget is measured by scripts/budget.mjs on what a first load needs, not on the size of one file.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { index: "index.html", simulator: "simulator.html" },
      // What the first page needs anyway is one file: dozens of small ones compress badly and cost a request each.
      output: {
        codeSplitting: {
          groups: [
            { name: (id, graph) => (!id.endsWith(start) && isFirst(id, graph) ? "first" : null), debugName: "first" },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(passedOn.map((path) => [path, { target: backend, ws: path === "/ws" }])),
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
