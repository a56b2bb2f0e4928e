const key = "omni.reloaded";

interface Stale {
  /** Names the deployment that this page is from. */
  build?: string;
  reload?(): void;
}

/**
 * Loads the page anew when it misses a part of itself: a deployment takes away the files of the one before, and a page that is open still asks
 * for them. Once for each build, as a second time would bring the same; and never without a server, which would leave no page at all. What was
 * begun is in the browser's storage.
 */
export function reloadWhenStale({ build = import.meta.url, reload = () => location.reload() }: Stale = {}): () => void {
  const missed = async () => {
    if (sessionStorage.getItem(key) === build || !(await served())) return;
    sessionStorage.setItem(key, build);
    reload();
  };
  const listener = () => void missed();
  window.addEventListener("vite:preloadError", listener);
  return () => window.removeEventListener("vite:preloadError", listener);
}

const served = () =>
  fetch("/", { cache: "no-store" }).then(
    (response) => response.ok,
    () => false,
  );
