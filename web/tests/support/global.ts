import type { TestProject } from "vitest/node";
import { start, type Address } from "./server";

declare module "vitest" {
  interface ProvidedContext {
    server: Address;
  }
}

/** One server for all files of a run; OMNI_URL and DATABASE_URL name one that runs already. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { OMNI_URL: url, DATABASE_URL: database } = process.env;
  if (url && database) {
    project.provide("server", { url, database });
    return undefined;
  }
  const server = await start();
  project.provide("server", { url: server.url, database: server.database });
  return server.stop;
}
