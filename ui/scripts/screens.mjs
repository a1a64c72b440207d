// Takes a picture of every state in light and dark into test-results/, and of some narrow and with large text.
// `node scripts/screens.mjs NAME…` takes those alone.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withWindow } from './browser.mjs';

const FOLDER = fileURLToPath(new URL('../test-results/', import.meta.url));
const FOLDED = [
  'signed-in',
  'tokens',
  'form-good',
  'in-browser',
  'sign-in-failed',
  'long-names',
  'other-person',
  'no-tray',
];
const chosen = process.argv.slice(2);

await mkdir(FOLDER, { recursive: true });
await withWindow(async ({ open, names }) => {
  for (const name of chosen.length > 0 ? chosen : names) {
    for (const scheme of ['light', 'dark']) await take(open, name, scheme, { scheme });
    if (!FOLDED.includes(name)) continue;
    await take(open, name, '320px', { size: { width: 320, height: 640 } }, true);
    await take(open, name, 'large-text', { textSize: '200%' }, true);
  }
});

async function take(open, name, suffix, how, isWhole = false) {
  const page = await open(name, how);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${FOLDER}${name}-${suffix}.png`, fullPage: isWhole });
  await page.close();
}
