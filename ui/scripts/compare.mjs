// Compares the main states with the accepted pictures in screens/accepted/, pixel by pixel, and fails where one looks
// different: what is drawn now is then in test-results/, and in NAME-difference.png what differs is red.
// `node scripts/compare.mjs --accept` accepts what is drawn now; look at it before.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withWindow } from './browser.mjs';
import { FONTS, asPalette, inPage } from './pictures.mjs';

const ACCEPTED = fileURLToPath(new URL('../screens/accepted/', import.meta.url));
const RESULTS = fileURLToPath(new URL('../test-results/', import.meta.url));

const MAIN = [
  'first-run',
  'signed-out',
  'in-browser',
  'sign-in-failed',
  'sign-in-needed',
  'signed-in',
  'offline',
  'blocked',
  'memory-only',
  'tokens',
  'copy-menu',
  'profile-menu',
  'remove-profile',
  'activity',
  'settings',
  'about',
];
/** The rest that is worth a picture, as the window opens. */
const MORE = ['on-other-device', 'other-person', 'form-good', 'edit-profile', 'more-options', 'by-secret', 'client-keys', 'no-groups-claim', 'token-ended', 'groups-of-api', 'api-token', 'okta-to-be-asked', 'request-accepted', 'copy-menu-audiences'];

/** How a window may stand: as it opens, narrow, wide, and with text twice as large. */
const SHAPES = [
  ['', {}],
  ['-320px', { size: { width: 320, height: 720 } }],
  ['-1600px', { size: { width: 1600, height: 900 } }],
  ['-large-text', { textSize: '200%' }],
];
const PICTURES = [
  ...MAIN.flatMap((name) =>
    ['light', 'dark'].flatMap((scheme) => SHAPES.map(([shape, how]) => ({ file: `${name}-${scheme}${shape}`, name, how: { scheme, ...how } }))),
  ),
  ...MORE.flatMap((name) => ['light', 'dark'].map((scheme) => ({ file: `${name}-${scheme}`, name, how: { scheme } }))),
  ...['signed-in', 'activity', 'settings'].map((name) => ({ file: `${name}-german`, name, how: { lang: 'de' } })),
];

/** How far a colour may be off, of 255, before the pixel counts: edges of letters are drawn a little differently. */
const COLOUR_TOLERANCE = 56;
/** How many pixels may count, of a million: fewer than one letter has. */
const PIXEL_TOLERANCE = 30;

const isAccepting = process.argv.includes('--accept');
const findings = [];

await mkdir(ACCEPTED, { recursive: true });
await mkdir(RESULTS, { recursive: true });
if (isAccepting) for (const old of await readdir(ACCEPTED)) await rm(ACCEPTED + old);

await withWindow(async ({ open }) => {
  for (const { file, name, how } of PICTURES) {
    const page = await open(name, { ...how, fonts: FONTS });
    const drawn = await page.screenshot();
    if (isAccepting) await writeFile(`${ACCEPTED}${file}.png`, await asPalette(page, drawn));
    else await compare(page, file, drawn);
    await page.close();
  }
});

for (const finding of findings) console.error(finding);
console.log(isAccepting ? `accepted ${PICTURES.length} pictures` : `compared ${PICTURES.length} pictures: ${findings.length} differ`);
process.exitCode = findings.length > 0 ? 1 : 0;

async function compare(page, file, drawn) {
  if (!existsSync(`${ACCEPTED}${file}.png`)) {
    findings.push(`${file}: there is no accepted picture`);
    return;
  }
  const accepted = await readFile(`${ACCEPTED}${file}.png`);
  const { nDifferent, nAll, difference } = await inPage(page, { drawn, accepted }, (pictures, tolerance) => {
    const [a, b] = [pictures.drawn, pictures.accepted];
    if (a.width !== b.width || a.height !== b.height) return { nDifferent: a.data.length, nAll: a.data.length / 4 };
    let nDifferent = 0;
    const seen = new ImageData(a.width, a.height);
    for (let i = 0; i < a.data.length; i += 4) {
      const off = Math.max(...[0, 1, 2].map((c) => Math.abs(a.data[i + c] - b.data[i + c])));
      const isDifferent = off > tolerance;
      nDifferent += Number(isDifferent);
      seen.data.set(isDifferent ? [255, 0, 0, 255] : [a.data[i], a.data[i + 1], a.data[i + 2], 70], i);
    }
    const canvas = Object.assign(document.createElement('canvas'), { width: a.width, height: a.height });
    canvas.getContext('2d').putImageData(seen, 0, 0);
    return { nDifferent, nAll: a.data.length / 4, difference: canvas.toDataURL('image/png').split(',')[1] };
  }, COLOUR_TOLERANCE);
  if (nDifferent * 1e6 <= PIXEL_TOLERANCE * nAll) return;
  findings.push(`${file}: ${nDifferent} of ${nAll} pixels differ`);
  await writeFile(`${RESULTS}${file}.png`, drawn);
  if (difference) await writeFile(`${RESULTS}${file}-difference.png`, Buffer.from(difference, 'base64'));
}
