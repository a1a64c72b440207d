// Writes pictures of few colours small: PNG with a palette, one byte a pixel. What is compared has a tolerance far wider than
// what is lost here.
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 64;
/** Of 255. Washes are 8 apart from what they lie on, and colours beside those are edges of letters. */
const CLOSE = 7;

/** `rgba` are the bytes of the picture, four a pixel; opaque. */
export function palettePng(width, height, rgba) {
  const { palette, indexes } = quantised(rgba);
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) lines.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, indexes into the palette.
  header.set([8, 3, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

/** The commonest colours that are not close to each other, and for each pixel the nearest of them. */
function quantised(rgba) {
  const counts = new Map();
  const keys = new Uint32Array(rgba.length / 4);
  for (let i = 0; i < keys.length; i += 1) {
    keys[i] = (rgba[i * 4] << 16) | (rgba[i * 4 + 1] << 8) | rgba[i * 4 + 2];
    counts.set(keys[i], (counts.get(keys[i]) ?? 0) + 1);
  }
  const palette = [];
  const off = (key, [r, g, b]) => Math.max(Math.abs(r - (key >> 16)), Math.abs(g - ((key >> 8) & 255)), Math.abs(b - (key & 255)));
  for (const [key] of [...counts].sort(([a, n], [b, m]) => m - n || a - b)) {
    if (palette.length === MOST_COLOURS) break;
    if (palette.every((colour) => off(key, colour) > CLOSE)) palette.push([key >> 16, (key >> 8) & 255, key & 255]);
  }
  const nearest = new Map();
  for (const key of counts.keys()) {
    const distances = palette.map((colour) => off(key, colour));
    nearest.set(key, distances.indexOf(Math.min(...distances)));
  }
  return { palette, indexes: Uint8Array.from(keys, (key) => nearest.get(key)) };
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
