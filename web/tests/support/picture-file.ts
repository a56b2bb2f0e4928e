import type { Page } from "playwright-core";

/** A file as a browser's file chooser takes it. */
export interface PictureFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** pictureFile is a real picture: a lamp of the colour on a wall, 640 by 480. */
export async function pictureFile(page: Page, name: string, colour: string): Promise<PictureFile> {
  const url = await page.evaluate((shade) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const paint = canvas.getContext("2d");
    if (!paint) throw new Error("This browser has no canvas.");
    const fill = (style: string, path: Path2D) => {
      paint.fillStyle = style;
      paint.fill(path);
    };
    fill("#e9e4da", new Path2D("M0 0H640V480H0Z"));
    fill("#b99b7a", new Path2D("M0 400H640V480H0Z"));
    fill("#44403c", new Path2D("M314 230H326V390H314ZM260 388H380V404H260Z"));
    fill(shade, new Path2D("M250 90H390L440 240H200Z"));
    return canvas.toDataURL("image/png");
  }, colour);
  return { name, mimeType: "image/png", buffer: Buffer.from(url.slice(url.indexOf(",") + 1), "base64") };
}

/** handOver puts the file into the page as what is dropped or pasted: the data of an event. */
export const handOver = (page: Page, { name, mimeType, buffer }: PictureFile) =>
  page.evaluateHandle(
    ({ base64, ...file }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], file.name, { type: file.type }));
      return data;
    },
    { name, type: mimeType, base64: buffer.toString("base64") },
  );
