import { defineConfig } from "vitest/config";

// The browser tests drive the built dashboard in a real browser against a real server: one server for all of them, one file after the other.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.browser.ts"],
    environment: "node",
    globalSetup: ["support/global.ts"],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ["verbose"],
  },
});
