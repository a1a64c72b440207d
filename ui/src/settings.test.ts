/** Settings and About in the whole window over the fake backend: what is set is sent, shown, said, and counts. */
import { afterEach, describe, expect, test } from 'vitest';
import { backend, button, click, named, settle, show, text, type } from './app-driver';
import { defaults, problem } from './lib/backend/fake/parts';
import { NO_OPTIONS } from './lib/options';
import { speak } from './lib/words';

afterEach(() => {
  delete document.documentElement.dataset.theme;
  speak('system', ['en-GB']);
});

async function choose(id: string, value: string): Promise<void> {
  const select = document.querySelector<HTMLSelectElement>(`#${id}`);
  if (!select) throw new Error(`no choice ${id}`);
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
}

async function tick(selector: string): Promise<void> {
  document.querySelector<HTMLInputElement>(selector)?.click();
  await settle();
}

async function typeBrowser(value: string): Promise<void> {
  const input = document.querySelector<HTMLInputElement>('#browser');
  if (!input) throw new Error('no field for the browser');
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
}

const said = () => text(document.querySelector('[role=status]'));
const refused = problem({ code: 'not-a-setting', title: 'This cannot be set', detail: 'browser: a quote in it is not closed.' });

describe('each control saves at once, and says so', () => {
  test.each<[string, () => Promise<void>, object]>([
    ['start', () => tick('#start-at-sign-in'), { start_at_sign_in: true }],
    ['language', () => choose('language', 'en'), { language: 'en' }],
    ['theme', () => tick('input[name=theme][value=dark]'), { theme: 'dark' }],
    ['browser', () => typeBrowser(' firefox -P work '), { browser: 'firefox -P work' }],
    ['clipboard', () => choose('clipboard', '120'), { clipboard_seconds: 120 }],
    ['notices', () => tick('input[name=notices][value=none]'), { notices: 'none' }],
    ['activity', () => choose('activity-days', '0'), { activity_days: 0 }],
  ])('%s', async (_, change, changed) => {
    await show('signed-in');
    await click('Settings');
    await change();
    expect(backend.sent).toEqual([['changeSettings', { ...defaults, ...changed }]]);
    expect(said()).toBe('Saved');
    expect(text()).toContain('✓ Saved');
  });
});

test('the theme is the page’s, and the system’s again', async () => {
  await show('always-dark');
  expect(document.documentElement.dataset.theme).toBe('dark');
  await click('Settings');
  await tick('input[name=theme][value=system]');
  expect(document.documentElement.dataset.theme).toBeUndefined();
});

test('the language is the window’s', async () => {
  await show('signed-in');
  await click('Settings');
  await choose('language', 'de');
  expect(text(document.querySelector('h1'))).toBe('Einstellungen');
  expect(document.documentElement.lang).toBe('de');
});

test('two changes in a row are both kept', async () => {
  await show('signed-in');
  await click('Settings');
  const theme = tick('input[name=theme][value=light]');
  await Promise.all([theme, choose('clipboard', '60')]);
  await settle();
  expect(backend.snapshot.settings).toEqual({ ...defaults, theme: 'light', clipboard_seconds: 60 });
});

test('what is set elsewhere afterwards is shown, and kept by the next change', async () => {
  await show('signed-in');
  await click('Settings');
  await tick('input[name=theme][value=dark]');
  expect(document.documentElement.dataset.theme).toBe('dark');
  backend.tell('other', { ...backend.snapshot, settings: defaults });
  await settle();
  expect(document.documentElement.dataset.theme).toBeUndefined();
  await choose('clipboard', '60');
  expect(backend.sent.at(-1)).toEqual(['changeSettings', { ...defaults, clipboard_seconds: 60 }]);
});

test('what is refused is said beside its field, keeps what was typed, and shows what is so elsewhere', async () => {
  await show('signed-in');
  await click('Settings');
  backend.answers.changeSettings = { answer: 'refused', ...refused };
  await typeBrowser('"firefox');
  const input = document.querySelector<HTMLInputElement>('#browser');
  expect(input?.value).toBe('"firefox');
  expect(input?.getAttribute('aria-invalid')).toBe('true');
  expect(text(document.querySelector('#browser-about'))).toContain('a quote in it is not closed');
  expect(said()).toContain('a quote in it is not closed');
  await tick('#start-at-sign-in');
  expect(document.querySelector<HTMLInputElement>('#start-at-sign-in')?.checked).toBe(false);
  delete backend.answers.changeSettings;
  await typeBrowser('firefox');
  expect(text(document.querySelector('#browser-about'))).toBe('✓ Saved');
});

test('a value that was set by hand stands among the choices', async () => {
  await show('set-by-hand');
  await click('Settings');
  expect(document.querySelector<HTMLSelectElement>('#clipboard')?.value).toBe('45');
  expect(text(document.querySelector('#clipboard'))).toContain('after 45 s');
  expect(text(document.querySelector('#clipboard'))).toMatch(/never$/);
});

test('a browser that could not be opened is told everywhere, and in the settings beside its field', async () => {
  await show('browser-failed');
  expect(text()).toContain('Your browser could not be opened');
  await click('Open the settings');
  expect(document.querySelectorAll('section.banner')).toHaveLength(0);
  expect(text(document.querySelector('#browser-about'))).toContain('Your browser could not be opened');
  await typeBrowser('');
  expect(text(document.querySelector('#browser-about'))).toBe('✓ Saved');
});

test('a mistake in the file is told, in the settings too', async () => {
  await show('settings-file-broken');
  expect(text()).toContain('line 4: clipboard_seconds');
  await click('Settings');
  expect(text()).toContain('line 4: clipboard_seconds');
});

test('where no activity is kept, that is said', async () => {
  await show('set-by-hand');
  named('nav li button', 'MongoDB')?.click();
  await settle();
  await click('Activity');
  expect(text()).toContain('No activity is kept');
});

test('the heading takes the focus when what was told in the settings is dismissed, or mended', async () => {
  await show('settings-file-broken');
  await click('Settings');
  const details = named('main section button', 'Details');
  if (!details) throw new Error('no details');
  details.focus();
  backend.tell('other', { ...backend.snapshot, settings_problem: null });
  await settle();
  expect(document.activeElement?.tagName).toBe('H1');
  await click('About');
  backend.answers.copyDiagnostics = { answer: 'refused', ...problem({ code: 'clipboard-failed', title: 'Nothing was copied' }) };
  await click('Copy diagnostics');
  button('Dismiss').focus();
  await click('Dismiss');
  expect(document.activeElement?.tagName).toBe('H1');
});

describe('what is typed and not yet saved', () => {
  const offered = { name: 'X', issuer: 'https://acme.okta.com', client_id: '0oa1', redirect_uri: '', scopes: 'openid', options: NO_OPTIONS };
  const field = () => document.querySelector<HTMLInputElement>('#browser');

  test('is not taken away by what a link brings', async () => {
    await show('signed-in');
    await click('Settings');
    await type('browser', 'fire');
    backend.tell('other', { ...backend.snapshot, offered });
    await settle(1000);
    expect(field()?.value).toBe('fire');
    backend.answers.changeSettings = { answer: 'refused', ...refused };
    await typeBrowser('"fire');
    await settle(1000);
    expect(field()?.value).toBe('"fire');
    delete backend.answers.changeSettings;
    await typeBrowser('firefox');
    await settle(1000);
    expect(document.querySelector<HTMLInputElement>('#issuer')?.value).toBe('https://acme.okta.com');
    expect(backend.snapshot.settings.browser).toBe('firefox');
  });

  test.each<[string, () => Promise<void>]>([
    ['the settings are left', () => click('MongoDB')],
    ['it is taken out again', () => type('browser', '')],
    ['what is saved is what was set', () => typeBrowser(' ')],
  ])('holds nothing up once %s', async (_, leave) => {
    await show('signed-in');
    await click('Settings');
    await type('browser', 'fire');
    backend.tell('other', { ...backend.snapshot, offered });
    await leave();
    await settle(1000);
    expect(document.querySelector<HTMLInputElement>('#issuer')?.value).toBe('https://acme.okta.com');
  });

  test('stays while what was typed before it is saved', async () => {
    await show('signed-in');
    await click('Settings');
    const input = field();
    if (!input) throw new Error('no field for the browser');
    input.value = 'firefox';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
    input.value = 'firefox -P';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await settle(1000);
    expect(backend.snapshot.settings.browser).toBe('firefox');
    expect(input.value).toBe('firefox -P');
  });
});

describe('about', () => {
  async function about(): Promise<void> {
    await show('signed-in');
    await click('Settings');
    await click('About');
  }

  test('says version, licence and where things are kept, and copies a place', async () => {
    await about();
    expect(text(document.querySelector('h1'))).toBe('About Gatepass');
    for (const line of ['Version 0.1.0', 'MIT', '/home/robin/.config/gatepass/settings.toml', 'dev.gatepass.desktop']) {
      expect(text()).toContain(line);
    }
    await click('Copy the place: Log');
    expect(backend.sent.at(-1)).toEqual(['copyPlace', 'log']);
    expect(text(button('Copy the place: Log'))).toBe('Copied');
    expect(said()).toBe('Place copied');
  });

  test('copies diagnostics without names, unless they are ticked', async () => {
    await about();
    await click('Copy diagnostics');
    expect(backend.sent.at(-1)).toEqual(['copyDiagnostics', false]);
    expect(said()).toContain('Diagnostics copied');
    await tick('.tick input');
    await click('Copy diagnostics');
    expect(backend.sent.at(-1)).toEqual(['copyDiagnostics', true]);
  });

  test('says what could not be copied', async () => {
    await about();
    backend.answers.copyDiagnostics = { answer: 'refused', ...problem({ code: 'clipboard-failed', title: 'Nothing was copied' }) };
    await click('Copy diagnostics');
    expect(text()).toContain('Nothing was copied');
  });

  test('names the licences when somebody wants to read them', async () => {
    await about();
    expect(text()).not.toContain('Apache-2.0');
    const details = document.querySelector('details');
    if (!details) throw new Error('no licences');
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
    await import('./lib/licences');
    await settle();
    expect(text(details)).toContain('svelte');
    expect(text(details)).toContain('MIT OR Apache-2.0');
  });
});
