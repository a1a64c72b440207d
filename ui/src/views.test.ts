/** The views of a session, in the whole window: groups, tokens, activity, and the ways to copy. */
import { describe, expect, test } from 'vitest';
import { backend, button, click, named, settle, show, text } from './app-driver';
import { problem } from './lib/backend/fake/parts';
import type { StateName } from './lib/backend/fake/states';

describe('groups', () => {
  const rows = () => [...document.querySelectorAll<HTMLElement>('[role=row]')];
  const names = () => rows().map((row) => text(row.querySelector('bdi')));
  const grid = () => document.querySelector<HTMLElement>('[role=grid]');
  async function filter(to: string): Promise<string[]> {
    const input = document.querySelector<HTMLInputElement>('input[type=search]');
    if (!input) throw new Error('there is a filter');
    input.value = to;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    return names();
  }
  async function press(key: string): Promise<string> {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await settle();
    return document.activeElement?.getAttribute('aria-label') ?? '';
  }
  test('are narrowed by any part, in any case', async () => {
    await show('signed-in');
    expect(await filter(' ONCALL-prim ')).toEqual(['oncall-primary']);
    expect(text()).toContain('1 of 37 groups');
    await filter('');
    expect(grid()?.getAttribute('aria-rowcount')).toBe('38');
  });
  test('in thousands are drawn as far as they are seen, and say how many there are', async () => {
    await show('most-groups');
    expect(rows().length).toBeLessThan(60);
    expect(grid()?.getAttribute('aria-rowcount')).toBe('5000');
    expect(await filter('-4999')).toEqual(['finance-auditors-4999']);
  });
  test('have one stop for Tab, and arrows that lead to every one', async () => {
    await show('most-groups');
    const stops = document.querySelectorAll<HTMLElement>('[role=grid] [tabindex="0"]');
    expect(stops).toHaveLength(1);
    stops[0]?.focus();
    expect(await press('ArrowDown')).toBe('Copy data-readers');
    expect(await press('End')).toMatch(/^Copy .*-4999$/);
    expect(rows().length).toBeLessThan(60);
    expect(rows().at(-1)?.getAttribute('aria-rowindex')).toBe('5000');
    expect(await press('Home')).toBe('Copy platform-engineers');
  });
  test('say which are new and which were left, and where they were read', async () => {
    await show('signed-in');
    expect(names().slice(0, 3)).toEqual(['platform-engineers', 'beta-testers', 'data-readers']);
    expect(text()).toContain('platform-engineers new since Tuesday');
    expect(text(rows()[1])).toContain('beta-testers left');
    expect(text()).toContain('From the claim groups of the access token');
  });
  test('are copied one by one, and the row says so', async () => {
    await show('signed-in');
    await click('Copy data-readers');
    expect(backend.sent).toEqual([['copyGroup', 'p1', 'data-readers']]);
    expect(text(rows().find((row) => text(row).includes('data-readers')))).toContain('✓ Copy');
    expect(text(document.body)).toContain('Group copied');
  });
  test('that match nothing leave a way back', async () => {
    await show('signed-in');
    expect(await filter('zzz')).toEqual([]);
    expect(text()).toContain('No group matches “zzz”');
    await click('Clear the filter');
    expect(grid()?.getAttribute('aria-rowcount')).toBe('38');
    expect(document.activeElement?.getAttribute('type')).toBe('search');
  });
});

describe('tokens', () => {
  async function token(value: string): Promise<void> {
    await click('Tokens');
    document.querySelector<HTMLInputElement>(`input[value=${value}]`)?.click();
    await settle();
  }
  test('are told by their verified claims', async () => {
    await show('signed-in');
    await token('access');
    for (const line of [
      'matches the profile',
      'Today 14:44:00 in 42 min',
      '37 groups claim in the access token',
      '✓ verified RS256, key kQ2vT0h4mXw',
    ])
      expect(text()).toContain(line);
    await token('id');
    expect(text()).toContain('this app’s client ID');
  });
  test.each<[StateName, string, string]>([
    ['org-server', 'access', 'Opaque: for Okta alone.'],
    ['not-a-jwt', 'access', 'it is not a JWT'],
    ['unverified-token', 'access', 'do not verify its signature'],
    ['offline-restored', 'access', 'There is no access token yet.'],
    ['offline-restored', 'id', 'There is no ID token now'],
    ['signed-in', 'refresh', 'There is one. It stays in the keyring'],
    ['memory-only', 'refresh', 'There is one. It is in memory alone until you quit'],
    ['no-refresh-token', 'refresh', 'There is none.'],
  ])('%s, %s: %s', async (state, which, line) => {
    await show(state);
    await token(which);
    expect(text()).toContain(line);
  });
  test('tabs are moved between by arrows', async () => {
    await show('signed-in');
    const groups = named('[role=tab]', 'Groups');
    groups?.focus();
    groups?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    await settle();
    const tokens = named('[role=tab]', 'Tokens');
    expect(tokens?.getAttribute('aria-selected')).toBe('true');
    expect(document.activeElement).toBe(tokens);
  });
});

describe('activity', () => {
  const cells = () =>
    [...document.querySelectorAll('main [role=table] [role=row]')].map((row) =>
      [...row.querySelectorAll('[role=cell]')].map((cell) => text(cell)),
    );
  const asked = () => backend.sent.filter(([name]) => name === 'activity').length;

  test('is told as a picture in a sentence and as a table, newest first', async () => {
    await show('signed-in');
    await click('Activity');
    await settle(200);
    const [head, ...rows] = cells();
    expect(head).toEqual([]);
    expect(rows.slice(0, 3)).toEqual([
      ['✓Renewed', '13:44:00', 'valid until 14:44'],
      ['▲A renewal failed', '13:43:29', 'tried again at 13:44 · rate-limited'],
      ['✓Copied', '13:20:50', 'access token'],
    ]);
    expect(text()).toContain('asleep for 40 min');
    const picture = document.querySelector('main svg[role=img]')?.getAttribute('aria-label');
    expect(picture).toMatch(
      /^The last 24 hours: an access token was valid for \d+ h \d+ min, \d+ renewals, 1 failed renewal, 3 copies and asleep for 12 h 58 min\.$/,
    );
  });
  test('is asked for again when something happened, and once more since it is written a little later', async () => {
    await show('signed-in');
    await click('Activity');
    await settle(2000);
    expect(asked()).toBe(2);
    backend.update('p1', {});
    await settle(2000);
    expect(asked()).toBe(4);
    await click('Groups');
    backend.update('p1', {});
    await settle(2000);
    expect(asked()).toBe(4);
  });
  test('of long ago is drawn when it is asked for', async () => {
    await show('signed-in');
    await click('Activity');
    await settle(200);
    const n = cells().length;
    await click('older entries');
    expect(cells().length).toBeGreaterThan(n);
    expect(text()).not.toContain('older entries');
  });
  test('that there is none yet is said, and that it cannot be told is no error', async () => {
    await show('signed-in');
    await click('MongoDB');
    await click('Activity');
    await settle(200);
    expect(text()).toContain('Nothing yet');
    backend.answers.activity = { answer: 'refused', ...problem({ code: 'x', title: 'No' }) };
    await click('Data platform');
    await settle(200);
    expect(text()).not.toContain('No access');
    expect(document.querySelector('.banner')).toBeNull();
  });
});

describe('the menu of other ways to copy', () => {
  const items = () => [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
  async function press(key: string): Promise<void> {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await settle();
  }
  const focused = () => text(document.activeElement);

  test('opens on its first entry, is gone through by keys, and copies what is chosen', async () => {
    await show('signed-in');
    const opener = button('Other ways to copy');
    expect(opener.getAttribute('aria-haspopup')).toBe('menu');
    opener.focus();
    await press('ArrowDown');
    expect(opener.getAttribute('aria-expanded')).toBe('true');
    expect(focused()).toBe('Access token');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(focused()).toContain('curl line');
    await press('j');
    expect(focused()).toContain('JSON');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(focused()).toBe('Access token');
    await press('End');
    expect(focused()).toBe('ID token');
    items()[2]?.click();
    await settle();
    expect(items()).toEqual([]);
    expect(document.activeElement).toBe(opener);
    expect(backend.sent).toEqual([['copy', 'p1', 'curl']]);
    expect(text()).toContain('Copied as curl line · valid 42 min · clipboard cleared in 30 s');
  });

  test('is left by Escape and by looking elsewhere, and nothing is copied', async () => {
    await show('signed-in');
    await click('Other ways to copy');
    await press('Escape');
    expect(items()).toEqual([]);
    expect(document.activeElement).toBe(button('Other ways to copy'));
    await click('Other ways to copy');
    button('Refresh now').focus();
    await settle();
    expect(items()).toEqual([]);
    expect(backend.sent).toEqual([]);
  });

  test('does not offer an ID token that is not there', async () => {
    await show('offline-restored');
    await click('Other ways to copy');
    const last = items().at(-1);
    expect(text(last)).toBe('ID token there is none now');
    last?.click();
    await settle();
    expect(backend.sent).toEqual([]);
  });
});

describe('a code for another device', () => {
  test('is offered where the server gives any, or is not known to give none', async () => {
    await show('signed-out');
    expect(button('Sign in on another device')).toBeTruthy();
    backend.update('p1', { device_sign_in: false });
    await settle();
    expect(named('main button', 'Sign in on another device')).toBeUndefined();
    expect(button('Sign in as someone else')).toBeTruthy();
  });

  test('is offered in a sign-in that waits for the browser, likewise', async () => {
    await show('in-browser');
    expect(button('Use a code instead')).toBeTruthy();
    backend.update('p1', { device_sign_in: false });
    await settle();
    expect(named('main button', 'Use a code instead')).toBeUndefined();
    expect(button('Copy link')).toBeTruthy();
  });
});
