// Takes a picture of every state into test-results/: light and dark, at the widths that a window has, and with text twice
// as large; some in German. Fails where something must be scrolled sideways to be read.
// `node scripts/screens.mjs NAME…` takes those alone.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withWindow } from './browser.mjs';

const FOLDER = fileURLToPath(new URL('../test-results/', import.meta.url));

/** Tall where the page would be scrolled: what is beneath is to be seen as well. */
const WAYS = {
  '320px': { size: { width: 320, height: 1400 } },
  '880px': { size: { width: 880, height: 600 } },
  '1600px': { size: { width: 1600, height: 900 } },
  'large-text': { size: { width: 880, height: 1400 }, textSize: '200%' },
};
const GERMAN = ['signed-in', 'tokens', 'activity', 'copy-menu', 'offline', 'in-browser', 'on-other-device', 'form-good', 'profile-menu', 'edit-profile', 'edit-lender', 'okta-to-be-asked', 'more-options', 'by-secret', 'client-keys-next', 'remove-profile', 'settings', 'about', 'no-groups-claim', 'other-person', 'problem-note-copied', 'preset-kong', 'preset-mongodb', 'copy-menu-bound', 'curl-question'];

const chosen = process.argv.slice(2);
const sideways = [];

await mkdir(FOLDER, { recursive: true });
await withWindow(async ({ open, names }) => {
  let n = 0;
  for (const name of chosen.length > 0 ? chosen : names) {
    for (const [way, how] of Object.entries(WAYS)) {
      for (const scheme of ['light', 'dark']) n += await take(open, name, `${way}-${scheme}`, { ...how, scheme });
      if (GERMAN.includes(name)) n += await take(open, name, `${way}-german`, { ...how, lang: 'de' });
    }
  }
  console.log(`took ${n} pictures into ${FOLDER}`);
});

for (const one of sideways) console.error(one);
process.exitCode = sideways.length > 0 ? 1 : 0;

async function take(open, name, suffix, how) {
  const page = await open(name, how);
  const beyond = await page.evaluate(() => {
    const scrollers = [document.documentElement, document.querySelector('main')];
    return Math.max(...scrollers.map((one) => (one ? one.scrollWidth - one.clientWidth : 0)));
  });
  if (beyond > 0) sideways.push(`${name} (${suffix}): ${beyond} px must be scrolled sideways`);
  await page.screenshot({ path: `${FOLDER}${name}-${suffix}.png` });
  await page.close();
  return 1;
}
