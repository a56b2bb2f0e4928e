import { defineConfig } from "vitest/config";
import browser from "./vitest.config";

// The pictures of docs/dashboard.md are taken by a run of their own.
export default defineConfig({ test: { ...browser.test, include: ["**/*.screenshots.ts"] } });
