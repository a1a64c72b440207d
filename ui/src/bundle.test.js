// @vitest-environment node
/**
 * The shipped bundle, built as it ships and run as the shell runs it: the prototypes are frozen before its first line,
 * and the shell's messages stand in for a shell. JavaScript, since it builds with Node and types for Node are not among
 * this package's few dependencies.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Window } from 'happy-dom';
import { build } from 'vite';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { onOtherDevice, profile } from './lib/backend/fake/parts';

const root = fileURLToPath(new URL('..', import.meta.url));
let files;
let code;
let entry;
/** Names of the packages that something in the bundle comes from. */
let packages;

beforeAll(async () => {
  // Vitest has set it to `test`, which would build Svelte's development version.
  vi.stubEnv('NODE_ENV', 'production');
  const { output } = await build({ root, mode: 'production', logLevel: 'error', build: { write: false } });
  files = Object.fromEntries(output.map((file) => [file.fileName, file.code ?? String(file.source)]));
  code = output.filter((file) => file.type === 'chunk').map((file) => file.code);
  entry = output.find((file) => file.isEntry).code;
  const modules = output.flatMap((file) => file.moduleIds ?? []);
  packages = modules.map((id) => id.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  vi.unstubAllEnvs();
}, 60_000);

describe('the shipped bundle', () => {
  test('is one script, one that is fetched on demand and one sheet, by relative paths, and nothing is inline', () => {
    expect(
      Object.keys(files)
        .map((name) => name.split('.').pop())
        .sort(),
    ).toEqual(['css', 'html', 'js', 'js']);
    const html = files['index.html'];
    expect(html).toMatch(/<script type="module" crossorigin src="\.\/assets\/[\w-]+\.js"><\/script>/);
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|style=|modulepreload/);
  });

  test('has no fake backend in it', () => {
    // The marker is read from the source, so that a new name cannot make this pass.
    const [, marker] = readFileSync(new URL('lib/backend/fake.ts', import.meta.url), 'utf8').match(
      /MARKER = '([^']+)'/,
    );
    for (const text of code) expect(text).not.toContain(marker);
  });

  test('has nothing of a package in it whose licence the page does not name', () => {
    const licences = JSON.parse(readFileSync(new URL('lib/licences.json', import.meta.url), 'utf8'));
    const named = licences.map(([name, version]) => `${name} ${version}`);
    const { packages: locked } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
    expect(packages).toContain('svelte');
    for (const name of new Set(packages)) expect(named).toContain(`${name} ${locked[`node_modules/${name}`].version}`);
  });

  test('sets no style or script that the page’s policy forbids', () => {
    for (const text of code) expect(text).not.toMatch(/ style="|\beval\(|new Function\(/);
  });

  test('works while the prototypes are frozen', async () => {
    const page = new Window({
      url: 'https://tauri.localhost',
      settings: { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true },
    });
    page.document.body.innerHTML = '<div id="app"></div>';
    const asked = [];
    const { internals, tell } = shell(asked);
    page.__TAURI_INTERNALS__ = internals;
    page.eval('for (const one of [Object, Function, Array]) Object.freeze(one.prototype);');
    expect(page.eval('Object.isFrozen(Object.prototype)')).toBe(true);

    // Strict, as a module is: only then does writing to what is frozen throw. Nothing is fetched on demand here.
    page.eval(`(() => {'use strict';${entry.replaceAll('import.meta', '({ url: location.href })')}\n})()`);
    const main = () => page.document.querySelector('main')?.textContent.replace(/\s+/g, ' ') ?? '';
    await expect.poll(main).toContain('Sign in with Okta');

    page.document.querySelector('main button:not([aria-haspopup])').click();
    await expect
      .poll(() => asked)
      .toEqual([
        ['watch', ['channel']],
        ['sign_in', ['profile', 'asSomeoneElse', 'withCode']],
      ]);
    // A package that draws the code of a sign-in on another device has to work like this too.
    tell(profile({ attempt: onOtherDevice(Date.now()) }));
    await expect.poll(main).toContain('KHDW-BTSQ');
    expect(page.document.querySelector('main svg[role=img] path').getAttribute('d')).toMatch(/^M0 0h1v1h-1z/);
    await page.happyDOM.abort();
  });
});

/** Answers as the shell would, over the calls that Tauri's own script offers a page; tells how a profile stands. */
function shell(asked) {
  let callback = () => {};
  let index = 0;
  const tell = (of) => {
    const snapshot = { profiles: [of], resident: { version: '0.1.0', in_tray: true }, problem: null };
    callback({ index, message: { told: 'change', change: { revision: index, cause: 'present', snapshot } } });
    index += 1;
  };
  const internals = {
    transformCallback(given) {
      callback = given;
      return 1;
    },
    async invoke(command, what) {
      asked.push([command, Object.keys(what)]);
      if (command !== 'watch') return { answer: 'done' };
      tell(profile({}));
      return null;
    },
  };
  return { internals, tell };
}
