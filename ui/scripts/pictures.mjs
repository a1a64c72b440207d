// Pictures that are kept: drawn with the same letters on every machine, and small. Shared by the scripts that take them.
import { palettePng } from './png.mjs';

/** The Debian package fonts-dejavu-core, whose fonts have been the same since 2016. */
export const FONTS = { '--sans': '"DejaVu Sans"', '--mono': '"DejaVu Sans Mono"' };

/** The picture with a palette. */
export async function asPalette(page, drawn) {
  const { width, height, bytes } = await inPage(page, { drawn }, ({ drawn: { width, height, data } }) => {
    let bytes = '';
    for (let i = 0; i < data.length; i += 8192) bytes += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width, height, bytes: btoa(bytes) };
  });
  return palettePng(width, height, Buffer.from(bytes, 'base64'));
}

/** Runs `work` in the page with the pictures decoded: a browser can do that, and no package is needed. */
export async function inPage(page, pictures, work, argument) {
  const encoded = Object.fromEntries(Object.entries(pictures).map(([name, png]) => [name, png.toString('base64')]));
  const decoded = await page.evaluateHandle(
    async (encoded) => {
      const decoded = {};
      for (const [name, png] of Object.entries(encoded)) {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))], { type: 'image/png' }));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context.drawImage(bitmap, 0, 0);
        decoded[name] = context.getImageData(0, 0, bitmap.width, bitmap.height);
      }
      return decoded;
    },
    encoded,
  );
  return decoded.evaluate(work, argument);
}
