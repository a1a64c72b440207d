// The built fake window in a real Chromium, under the shipped page's content policy and with the prototypes frozen as the
// shell freezes them: what works here does not lean on anything the window forbids. Shared by the other scripts.
import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../dist-fake', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src ipc: http://ipc.localhost; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** 14:01:50 on a Friday, local time: the pictures are then the same every day. */
export const NOW = new Date(2026, 10, 20, 14, 1, 50);

export const WINDOW = { width: 880, height: 600 };

/** Places that only a click leads to, as the state to begin in and what to do there. */
export const PLACES = {
  tokens: { state: 'signed-in', go: (page) => page.getByRole('tab', { name: 'Tokens' }).click() },
  'tokens-id': { state: 'signed-in', go: token('ID') },
  'tokens-refresh': { state: 'signed-in', go: token('Refresh') },
  'tokens-org-server': { state: 'org-server', go: token('Access') },
  'tokens-unverified': { state: 'unverified-token', go: token('Access') },
  'tokens-too-long': { state: 'most-groups', go: token('Access') },
  'tokens-none': { state: 'offline-restored', go: token('Access') },
  'problem-details': { state: 'sign-in-failed', go: (page) => page.getByRole('button', { name: 'Details' }).click() },
  'problem-note-copied': {
    state: 'no-matching-policy',
    go: async (page) => {
      await page.getByRole('button', { name: /^(Copy a note|Notiz für)/ }).click();
      await page.getByText(/Note copied|Notiz kopiert/).first().waitFor();
      await page.getByRole('button', { name: 'Details' }).click();
    },
  },
  'add-profile': { state: 'signed-in', go: (page) => page.getByRole('button', { name: 'Add a profile' }).click() },
  'saved-profile': { state: 'signed-in', go: manage(/^Save as/) },
  'form-good': { state: 'first-run', go: form('https://acme.okta.com/oauth2/aus4kd81', '0oa9x2c71kQ', 'Found') },
  'form-bad': { state: 'first-run', go: form('https://acme-admin.okta.com', 'https://acme.okta.com', 'admin console') },
  copied: {
    state: 'signed-in',
    go: async (page) => {
      await page.getByRole('button', { name: 'Copy access token' }).click();
      await page.getByText('clipboard cleared in').first().waitFor();
    },
  },
  'copy-menu': {
    state: 'signed-in',
    go: (page) => page.getByRole('button', { name: /^(Other ways|Auf andere Weise)/ }).click(),
  },
  'copy-menu-bound': {
    state: 'bound-token',
    go: (page) => page.getByRole('button', { name: /^(Other ways|Auf andere Weise)/ }).click(),
  },
  'copy-menu-audiences': {
    state: 'further-audiences',
    go: (page) => page.getByRole('button', { name: /^(Other ways|Auf andere Weise)/ }).click(),
  },
  'edit-audiences': {
    state: 'further-audiences',
    go: async (page) => {
      await manage(/^(Edit|Bearbeiten)/)(page);
      await page.locator('#further_audiences').scrollIntoViewIfNeeded();
    },
  },
  'curl-question': {
    state: 'bound-token',
    go: async (page) => {
      await page.getByRole('button', { name: /^(Other ways|Auf andere Weise)/ }).click();
      await page.getByRole('menuitem', { name: /^curl/ }).click();
      await page.getByRole('textbox', { name: /^(Address|Adresse)/ }).fill('https://api.acme.com/v1/orders');
    },
  },
  'tokens-bound': { state: 'bound-token', go: token('Access') },
  'copy-menu-tokens': {
    state: 'offline-restored',
    go: async (page) => {
      await token('Access')(page);
      await page.getByRole('button', { name: 'Copy as…' }).click();
    },
  },
  'profile-menu': { state: 'signed-in', go: (page) => page.getByRole('button', { name: /^(More for|Mehr zu)/ }).click() },
  'edit-profile': { state: 'signed-in', go: manage(/^(Edit|Bearbeiten)/) },
  'remove-profile': { state: 'signed-in', go: manage(/^(Remove|Entfernen)/) },
  'edit-signs-out': {
    state: 'signed-in',
    go: async (page) => {
      await manage('Edit…')(page);
      await page.getByLabel('Client ID').fill('0oaother');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  'more-options': { state: 'first-run', go: (page) => page.getByText(/^(More options|Weitere Optionen)/).click() },
  'edit-options': { state: 'by-key', go: manage(/^(Edit|Bearbeiten)/) },
  'edit-lender': {
    state: 'lent-session',
    go: async (page) => {
      await manage(/^(Edit|Bearbeiten)/)(page);
      await page.locator('#sign_in_with').scrollIntoViewIfNeeded();
    },
  },
  'client-keys': { state: 'by-key', go: (page) => page.getByRole('tab', { name: 'Client' }).click() },
  'api-token': { state: 'no-api-token', go: (page) => page.getByRole('tab', { name: 'Client' }).click() },
  'api-token-asked': {
    state: 'no-api-token',
    go: async (page) => {
      await page.getByRole('tab', { name: 'Client' }).click();
      await page.getByRole('button', { name: 'Take an API token' }).click();
    },
  },
  'client-keys-next': {
    state: 'by-key',
    go: async (page) => {
      await page.getByRole('tab', { name: 'Client' }).click();
      await page.getByRole('button', { name: /^(Make the next|Den nächsten)/ }).click();
      await page.locator('pre').nth(1).waitFor();
    },
  },
  'preset-mongodb': {
    state: 'signed-in',
    go: async (page) => {
      await page.getByRole('button', { name: /(Add a profile|Profil hinzufügen)/ }).click();
      await preset('MongoDB')(page);
    },
  },
  'preset-kong': { state: 'first-run', go: preset('Kong') },
  'import-open': {
    state: 'first-run',
    go: (page) => page.getByText('Fill in from a link, text or file').click(),
  },
  imported: {
    state: 'signed-in',
    go: async (page) => {
      await page.getByRole('button', { name: 'Add a profile' }).click();
      await page.getByText('Fill in from a link, text or file').click();
      await page
        .getByLabel('Link or text of a profile')
        .fill('dev.gatepass.desktop://profile?name=Data&issuer=https%3A%2F%2Facme.okta.com&client_id=0oa9x2c71kQ&scopes=openid');
      await page.getByRole('button', { name: 'Fill in' }).click();
      await page.getByText('You will sign in at').waitFor();
    },
  },
  activity: { state: 'signed-in', go: activity('Data platform') },
  'activity-none': { state: 'signed-in', go: activity('MongoDB') },
  settings: { state: 'signed-in', go: settings },
  'settings-set': { state: 'set-by-hand', go: settings },
  'settings-saved': {
    state: 'signed-in',
    go: async (page) => {
      await settings(page);
      await page.locator('#clipboard').selectOption('120');
      await page.getByText(/✓ (Saved|Gespeichert)/).waitFor();
    },
  },
  'settings-browser-failed': { state: 'browser-failed', go: settings },
  about: { state: 'signed-in', go: about },
  'about-copied': {
    state: 'signed-in',
    go: async (page) => {
      await about(page);
      await page.getByRole('button', { name: /^(Copy diagnostics|Diagnose kopieren)/ }).click();
      await page.getByText(/Diagnostics copied|Diagnose kopiert/).first().waitFor();
    },
  },
  'about-licences': {
    state: 'signed-in',
    go: async (page) => {
      await about(page);
      await page.getByText(/^(Licences of what|Lizenzen der)/).click();
      await page.getByText('zeroize').first().waitFor();
    },
  },
  'activity-off': { state: 'set-by-hand', go: activity('MongoDB') },
  filtered: { state: 'many-groups', go: (page) => page.getByRole('searchbox').fill('oncall') },
  'no-match': { state: 'many-groups', go: (page) => page.getByRole('searchbox').fill('nothing is called this') },
};

/** Chooses something in the menu of a profile. */
function manage(name) {
  return async (page) => {
    await page.getByRole('button', { name: /^(More for|Mehr zu)/ }).click();
    await page.getByRole('menuitem', { name }).click();
  };
}

/** The first of these programs that the `PATH` has. */
function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`none of these is on the PATH: ${names.join(', ')}`);
  return found;
}

/** Runs `work` with a way to open the window in any state; ends the browser whatever happens. */
export async function withWindow(work) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? onPath(['chromium', 'chromium-browser', 'google-chrome']),
    // Letters are then drawn alike, whatever the machine's settings for its own screen.
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', '--disable-lcd-text'],
  });
  const complaints = [];

  // One context for each way of looking; the page keeps nothing, so nothing passes from one visit to the next.
  const contexts = new Map();
  async function contextFor(options) {
    const key = JSON.stringify(options);
    if (!contexts.has(key)) {
      const context = await browser.newContext({ ...options, reducedMotion: 'reduce', locale: 'en-GB' });
      await context.addInitScript(() => {
        for (const one of [Object, Function, Array]) Object.freeze(one.prototype);
      });
      contexts.set(key, context);
    }
    return contexts.get(key);
  }

  async function open(
    name,
    { scheme = 'light', size = WINDOW, textSize = '100%', isClockFixed = true, pace = 1, lang = 'en', fonts = {} } = {},
  ) {
    const context = await contextFor({ colorScheme: scheme, viewport: size });
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(`${name}: ${error}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${name}: ${message.text()}`);
    });
    if (isClockFixed) await page.clock.setFixedTime(NOW);
    const place = PLACES[name] ?? { state: name };
    await page.goto(`${origin}/?state=${place.state}&pace=${pace}&lang=${lang}`);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    if (textSize !== '100%')
      await page.evaluate((to) => document.documentElement.style.setProperty('font-size', to), textSize);
    await page.evaluate((fonts) => {
      for (const [name, font] of Object.entries(fonts)) document.documentElement.style.setProperty(name, font);
    }, fonts);
    await place.go?.(page);
    // What a part of the window still asks for is drawn when it is answered.
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    await page.evaluate(() => document.fonts.ready);
    return page;
  }

  try {
    const page = await open('signed-in');
    const states = (await page.evaluate(() => document.documentElement.dataset.states)).split(' ');
    await page.close();
    await work({ open, names: [...states, ...Object.keys(PLACES)] });
  } finally {
    await browser.close();
    server.close();
  }
  if (complaints.length > 0) throw new Error(`the page complained:\n${[...new Set(complaints)].join('\n')}`);
}

function token(name) {
  return async (page) => {
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByRole('radio', { name, exact: true }).check({ force: true });
  };
}

function preset(name) {
  return (page) => page.locator('main label', { hasText: name }).click();
}

function settings(page) {
  return page.getByRole('button', { name: /^(Settings|Einstellungen)/ }).click();
}

async function about(page) {
  await settings(page);
  await page.getByRole('tab', { name: /^(About|Über)/ }).click();
  await page.getByText('/home/robin/.config/gatepass/profiles.toml').waitFor();
}

function activity(profile) {
  return async (page) => {
    // Where the window is narrow, the profiles are a choice in place of a list.
    if (await page.locator('nav ul').isVisible()) await page.locator('nav li button', { hasText: profile }).click();
    else {
      const value = await page.locator('nav option', { hasText: profile }).getAttribute('value');
      await page.locator('nav select').selectOption(value);
    }
    await page.getByRole('tab', { name: /^(Activity|Aktivität)/ }).click();
    await page.locator('main [role=table], main .empty').first().waitFor();
  };
}

function form(issuer, clientId, found) {
  return async (page) => {
    await page.getByLabel('Issuer').fill(issuer);
    await page.getByLabel('Client ID').fill(clientId);
    await page.getByText(found).first().waitFor();
  };
}

async function answer(request, response) {
  const path = new URL(request.url, 'http://here').pathname;
  const file = normalize(join(ROOT, path === '/' ? 'index.html' : path));
  try {
    if (!file.startsWith(ROOT)) throw new Error('outside');
    const body = await readFile(file);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    });
    response.end(body);
  } catch {
    // The browser asks for an icon by itself; an empty answer keeps its console quiet.
    response.writeHead(path === '/favicon.ico' ? 204 : 404);
    response.end();
  }
}
