import { defineConfig, mergeConfig } from "vitest/config";
import browser from "./vitest.config";

// The pictures of docs/dashboard.md are taken by a run of their own: it moves the clock of the database.
export default mergeConfig(browser, defineConfig({ test: { include: ["**/*.screenshots.ts"], testTimeout: 240_000 } }));
