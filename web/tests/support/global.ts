import type { TestProject } from "vitest/node";
import { start, type Address } from "./server";

declare module "vitest" {
  interface ProvidedContext {
    server: Address;
  }
}

/** One server for all files of a run; OMNI_URL, OMNI_DEMO_URL and DATABASE_URL name one that runs already. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { OMNI_URL: url, DATABASE_URL: database, OMNI_DEMO_URL: demo = "" } = process.env;
  if (url && database) {
    project.provide("server", { url, database, demo });
    return undefined;
  }
  const server = await start();
  const { url: running, database: made, demo: shop } = server;
  project.provide("server", { url: running, database: made, demo: shop });
  return server.stop;
}
