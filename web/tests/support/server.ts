import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { until } from "./until";

const repository = resolve(import.meta.dirname, "../../..");

/** Where a server that runs can be reached. */
export interface Address {
  url: string;
  database: string;
  /** The made-up shop whose visitors chat. */
  demo: string;
}

/** A whole `omni dev` of its own: free port, own state folder, own PostgreSQL. */
export interface Server extends Address {
  log: string;
  stop(): Promise<void>;
}

/** start builds the server, runs it with the dashboard in web/dist, and returns when it answers. */
export async function start(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "omni-browser-"));
  await chmod(folder, 0o755); // PostgreSQL may run as another user
  const binary = process.env["OMNI_BINARY"] ?? (await build(folder));
  const log = join(folder, "server.log");
  const child = spawn(binary, ["dev", "--listen", "127.0.0.1:0", "--dashboard", join(repository, "web/dist")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file);
  child.stderr.pipe(file);
  const address = await until("the server answers", () => answers(folder, child, log), 120_000);
  return { ...address, log, stop: () => stop(child, folder) };
}

async function build(folder: string): Promise<string> {
  const binary = join(folder, "omni");
  await promisify(execFile)("go", ["build", "-o", binary, "./tools/omni"], {
    cwd: repository,
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  return binary;
}

/** answers is where the server runs, once it has written that down and takes requests. */
async function answers(folder: string, child: ChildProcess, log: string): Promise<Address | undefined> {
  if (child.exitCode !== null)
    throw new Error(`omni dev ended with ${child.exitCode}:\n${await readFile(log, "utf8")}`);
  const written = await readFile(join(folder, ".omni/dev.json"), "utf8").catch(() => undefined);
  if (!written) return undefined;
  const { url, database_url, demo_url } = JSON.parse(written) as Record<"url" | "database_url" | "demo_url", string>;
  const response = await fetch(`${url}/config.json`).catch(() => undefined);
  return response?.ok ? { url, database: database_url, demo: demo_url } : undefined;
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    child.kill("SIGINT");
    await once(child, "exit");
  }
  await rm(folder, { recursive: true, force: true });
}
