import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// One script that a foreign page loads: everything is in it, and its name is that of the API's version. The dashboard is built before it into the same folder.
export default defineConfig({
  root: here("."),
  resolve: { alias: { "~": here("../src"), "#chat": here("jsx") } },
  oxc: { jsx: { runtime: "automatic", importSource: "#chat", development: false } },
  publicDir: false,
  // The shop that `omni dev` shows the chat on: files as they are.
  plugins: [{ name: "demo", writeBundle: () => cpSync(here("demo"), here("../dist/demo"), { recursive: true }) }],
  build: {
    target: "es2022",
    // light-dark() has to stay what it is: a theme decides between the two by color-scheme.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    outDir: here("../dist/widget/v1"),
    emptyOutDir: true,
    lib: { entry: here("main.ts"), formats: ["iife"], name: "omniChat", fileName: () => "omni-chat.js" },
  },
  test: {
    environment: "happy-dom",
    include: ["**/*.test.{ts,tsx}"],
    setupFiles: [here("testing/setup.ts")],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
