import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

// The same as in tools/omni/browser, which installs one: `omni doctor --install --browser`.
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** launch starts the browser of this machine. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: find(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}

function find(): string {
  const named = process.env["OMNI_BROWSER"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), mac].find(runs);
  if (!found)
    throw new Error(
      "Neither Chromium nor Chrome is installed: say `omni doctor --install --browser`, or name one in OMNI_BROWSER.",
    );
  return found;
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
