/** What the page is told about where it runs: /config.json of its own origin. */
export interface Config {
  issuer: string;
  client_id: string;
  logout_url: string | null;
  /** Empty: the API is on the page's own origin. */
  api_url: string;
  dev: boolean;
}

export async function loadConfig(signal?: AbortSignal): Promise<Config> {
  const response = await fetch("/config.json", { signal, cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json: HTTP ${response.status}`);
  return (await response.json()) as Config;
}
