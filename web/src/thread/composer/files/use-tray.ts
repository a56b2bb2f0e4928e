import { useSyncExternalStore } from "react";
import type { Api } from "~/api/client";
import { useApi } from "~/api/context";
import { createUpload } from "~/api/operations";
import { mimeOf } from "./check-file";
import { putFile } from "./put-file";
import { Tray, type TrayFile } from "./tray";

const trays = new WeakMap<Api, Map<string, Tray>>();

/** The files attached in a conversation: they stay while the agent looks at another one. */
export function useTray(conversation: string): [Tray, readonly TrayFile[]] {
  const tray = trayOf(useApi(), conversation);
  return [tray, useSyncExternalStore(tray.subscribe, tray.files)];
}

function trayOf(api: Api, conversation: string): Tray {
  const known = trays.get(api) ?? new Map<string, Tray>();
  trays.set(api, known);
  const tray = known.get(conversation) ?? new Tray({ create: (file) => upload(api, file), put: putFile });
  known.set(conversation, tray);
  return tray;
}

export const upload = (api: Api, file: File) =>
  createUpload(api, { name: file.name, mime: mimeOf(file), bytes: file.size });
