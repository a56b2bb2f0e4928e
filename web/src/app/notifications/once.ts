// Several tabs hear of the same thing: whichever comes first tells of it.
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("omni.alerts");
const told = new Set<string>();
const remembered = 500;
const pause = 60;

function remember(id: string) {
  told.add(id);
  for (const oldest of told) {
    if (told.size <= remembered) break;
    told.delete(oldest);
  }
}

channel?.addEventListener("message", ({ data }) => remember(String(data)));

/** Whether no other tab has told of it; then this one is to. The pause, different in each tab, lets one be first. */
export async function claim(id: string): Promise<boolean> {
  if (told.has(id)) return false;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * pause));
  if (told.has(id)) return false;
  remember(id);
  channel?.postMessage(id);
  return true;
}
