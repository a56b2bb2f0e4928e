import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where a running `omni dev` answers, for `npm run dev`: the dashboard's own server passes on everything that is not a page.
const backend = process.env.OMNI_DEV ?? "http://127.0.0.1:8080";
const passedOn = ["/v1", "/config.json", "/oidc", "/ws", "/files", "/simulator/api"];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "~": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    target: "es2022",
    manifest: true,
    // The budget is measured by scripts/budget.mjs on what a first load needs, not on the size of one file.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { input: { index: "index.html", simulator: "simulator.html" } },
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
