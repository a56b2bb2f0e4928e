// Writes src/api/schema.ts: the types of the API's OpenAPI document.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const document = path("../../gen/openapi.json");

if (!existsSync(document)) {
  console.error("gen/openapi.json is missing: `make generate` writes it.");
  process.exit(1);
}
execFileSync(
  process.execPath,
  [path("../node_modules/openapi-typescript/bin/cli.js"), document, "--output", path("../src/api/schema.ts")],
  {
    stdio: ["ignore", "ignore", "inherit"],
  },
);
