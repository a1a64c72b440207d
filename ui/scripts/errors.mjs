// Takes the pictures of docs/errors.md: the commonest problems with Okta as the window shows them, in the words that a
// test of crates/app wrote into the fake.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withWindow } from './browser.mjs';
import { FONTS, asPalette } from './pictures.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/images/errors/', import.meta.url));
const PROBLEMS = new URL('../src/lib/backend/fake/okta-problems.json', import.meta.url);

await mkdir(FOLDER, { recursive: true });
for (const old of await readdir(FOLDER)) await rm(FOLDER + old);
await withWindow(async ({ open }) => {
  for (const name of Object.keys(JSON.parse(await readFile(PROBLEMS, 'utf8')))) {
    const page = await open(name, { size: { width: 880, height: 900 }, fonts: FONTS });
    const drawn = await page.locator('section.banner').screenshot();
    await writeFile(`${FOLDER}${name}.png`, await asPalette(page, drawn));
    await page.close();
  }
});
