import type { Upload } from "~/api/types";

/** Uploads a file to where the server said. fetch cannot tell how far an upload got, so it is the older way. */
export function putFile(
  upload: Upload,
  file: File,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => event.total > 0 && progress(event.loaded / event.total));
    request.addEventListener("load", () =>
      request.status < 300 ? resolve() : reject(new Error(`HTTP ${request.status}`)),
    );
    request.addEventListener("error", () => reject(new Error("the server was not reached")));
    request.addEventListener("abort", () => reject(new Error("taken back")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
