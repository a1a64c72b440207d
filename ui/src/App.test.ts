/** What a person sees and does, in the whole window over the fake backend: click in, intent out. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import App from './App.svelte';
import { FakeBackend } from './lib/backend/fake';
import { problem } from './lib/backend/fake/parts';
import { type StateName, states } from './lib/backend/fake/states';

let app: Record<string, unknown> | undefined;
let backend: FakeBackend;

async function show(state: StateName): Promise<void> {
  backend = new FakeBackend(state, 0);
  app = mount(App, { target: document.body, props: { backend } });
  await settle();
}

/** Lets what was asked be answered, and draws it. */
async function settle(ms = 1): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  flushSync();
}

/** What is seen and heard, without the spaces of the markup. */
function text(root: Element | null = document.querySelector('main')): string {
  return (root?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

function named(role: string, name: string): HTMLElement | undefined {
  const all = document.querySelectorAll<HTMLElement>(role);
  return [...all].find((one) => (one.getAttribute('aria-label') ?? text(one)).includes(name));
}

function button(name: string): HTMLElement {
  const found = named('main button', name) ?? named('nav button', name);
  if (!found) throw new Error(`no button “${name}” in: ${text(document.body)}`);
  return found;
}

async function click(name: string): Promise<void> {
  button(name).click();
  await settle();
}

async function type(id: string, value: string): Promise<void> {
  const input = document.querySelector<HTMLInputElement>(`#${id}`);
  if (!input) throw new Error(`no field ${id}`);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 20, 14, 1, 50) });
});

afterEach(async () => {
  if (app) await unmount(app);
  vi.useRealTimers();
  document.body.replaceChildren();
});

test.each(Object.keys(states) as StateName[])('the state “%s” can be drawn, and has one heading', async (state) => {
  await show(state);
  expect(document.querySelectorAll('h1')).toHaveLength(1);
  expect(text(document.body)).not.toMatch(/undefined|null|NaN|\[object/);
});

describe('each control sends its intent', () => {
  test.each<[StateName, string, unknown[]]>([
    ['signed-out', 'Sign in with Okta', ['signIn', 'p1', false]],
    ['signed-out', 'Sign in as someone else', ['signIn', 'p1', true]],
    ['sign-in-failed', 'Try again', ['signIn', 'p1', false]],
    ['sign-in-failed', 'Sign in as someone else', ['signIn', 'p1', true]],
    ['sign-in-failed', 'Copy the address', ['copyRedirectUri', 'p1']],
    ['sign-in-failed', 'Dismiss', ['dismissProblem', 'p1']],
    ['in-browser', 'Open the page again', ['signIn', 'p1', false]],
    ['in-browser', 'Copy link', ['copySignInLink', 'p1']],
    ['in-browser', 'Cancel', ['cancelSignIn', 'p1']],
    ['browser-not-seen', 'Copy link', ['copySignInLink', 'p1']],
    ['signed-in', 'Copy access token', ['copyAccessToken', 'p1']],
    ['signed-in', 'Refresh now', ['refresh', 'p1']],
    ['signed-in', 'Sign out', ['signOut', 'p1']],
    ['signed-in', 'Copy list', ['copyGroups', 'p1']],
    ['blocked', 'Try again now', ['refresh', 'p1']],
    ['other-person', 'Replace', ['answerOtherPerson', 'p1', true]],
    ['other-person', 'Keep Robin Calder', ['answerOtherPerson', 'p1', false]],
    ['no-tray', 'Quit Gatepass', ['quit']],
    ['old-resident', 'Quit the old one', ['quit']],
  ])('%s: %s', async (state, name, intent) => {
    await show(state);
    await click(name);
    expect(backend.sent).toEqual([intent]);
  });
});

describe('each state says what it is', () => {
  test.each<[StateName, string[]]>([
    ['signed-in', ['Robin Calder', 'Signed in', 'renews by itself at 14:32', '42:10', 'left of 1 h']],
    ['offline', ['Offline', 'still valid for 23 min; tries again by itself at 14:02', 'cannot be reached']],
    ['offline-restored', ['Robin Calder', 'Offline', 'no access token yet', 'No groups yet']],
    ['blocked', ['Blocked', 'your Okta admin must act', 'refuses to renew']],
    ['sign-in-needed', ['Sign-in needed', 'ended at 13:19, because of this:', 'Okta ended the session']],
    ['token-ended', ['ended', 'the access token has ended']],
    ['memory-only', ['Until you quit', 'The session could not be stored']],
    ['no-refresh-token', ['ends at 14:44; there is no refresh token']],
    ['demo', ['demo', '1:30', 'left of 2 min']],
    ['browser-not-seen', ['No browser opened', 'Copy the link and open it yourself.']],
    ['in-browser', ['Finish signing in in your browser', 'Listening on http://localhost:27097/redirect · 4:38 left']],
    ['custom-scheme', ['Waiting for dev.gatepass.desktop:/redirect']],
    ['storing', ['Storing…', 'your keyring is taking the session']],
    ['reading', ['Looking in the keyring…', 'unlock it']],
    ['signing-in-again', ['You stay signed in as Robin Calder in the meantime.']],
    ['other-person', ['You were signed in as Robin Calder. Kim Osei signed in just now. Replace?']],
    ['no-groups', ['No groups', 'in no group']],
    ['no-groups-claim', ['No token names your groups', 'Security → API']],
    ['org-server', ['No token names your groups', 'Sign On']],
    ['resident-gone', ['Robin Calder']],
    ['cannot-start', ['cannot write in its folder', '/home/robin/.local/state/gatepass', 'Permission denied']],
    ['cannot-start-again', ['Gatepass cannot start', 'SIGSEGV', 'Robin Calder']],
    ['old-resident', ['Gatepass was updated', 'version 1', 'version 2']],
    ['profiles-file-broken', ['The profiles file cannot be read', 'Line 12']],
  ])('%s', async (state, lines) => {
    await show(state);
    for (const line of lines) expect(text()).toContain(line);
  });

  test('a missing tray is said where the version stands', async () => {
    await show('no-tray');
    expect(text(document.querySelector('nav'))).toContain('Your desktop shows no tray.');
  });
  test('nobody is urged to sign in, or called signed out, while the keyring is asked', async () => {
    await show('reading');
    expect(text()).not.toMatch(/Sign in|Signed out/);
    expect(document.querySelectorAll('main button')).toHaveLength(0);
    expect(text(document.querySelector('nav li'))).toContain('Looking in the keyring…');
    backend.update('p1', { reading: false });
    await settle();
    expect(button('Sign in with Okta')).toBeDefined();
    expect(text(document.querySelector('[role=status]'))).toBe('Data platform: Signed out');
  });

  test('a sign-in that is being stored neither waits for the browser nor can be cancelled', async () => {
    await show('storing');
    expect(text()).not.toMatch(/browser|left/);
    expect(document.querySelectorAll('main button')).toHaveLength(0);
  });

  test.each<StateName>(['cannot-start', 'cannot-start-again', 'old-resident'])('%s is not said to start', async (state) => {
    await show(state);
    expect(text(document.body)).not.toMatch(/Starting…|starting it again/);
  });

  test('a lost resident is said over what was known', async () => {
    await show('resident-gone');
    expect(text(document.body)).toContain('Gatepass stopped; starting it again…');
  });
});

test('the first frame stands until there is something to draw', async () => {
  const firstFrame = () => document.getElementById('first-frame');
  document.body.innerHTML = '<div id="first-frame"></div>';
  backend = new FakeBackend('signed-in', 0);
  let told = (): void => {};
  const watch = backend.watch.bind(backend);
  vi.spyOn(backend, 'watch').mockImplementation(async (onTold) => {
    await new Promise<void>((resolve) => (told = resolve));
    return watch(onTold);
  });
  app = mount(App, { target: document.body, props: { backend } });
  await settle();
  expect(firstFrame()).not.toBeNull();
  told();
  await settle();
  expect(firstFrame()).toBeNull();
});

test('names from outside are text, whatever is in them', async () => {
  await show('right-to-left');
  expect(document.querySelector('main li:last-child b')).toBeNull();
  expect(text()).toContain('<b>not markup</b>');
  for (const name of ['منصة البيانات', 'نور الهاشمي', 'צוות תפעול']) {
    expect([...document.querySelectorAll('main bdi')].some((one) => one.textContent === name)).toBe(true);
  }
});

test('what is copied while a filter hides some groups is all of them, and the button says so', async () => {
  await show('signed-in');
  const field = document.querySelector<HTMLInputElement>('input[type=search]');
  if (!field) throw new Error('there is a filter');
  field.value = 'oncall';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
  expect(text()).not.toContain('Copy list');
  await click(`Copy all ${field.placeholder.replace(/[^0-9]/g, '')}`);
  expect(backend.sent).toEqual([['copyGroups', 'p1']]);
});

test('the list says each state in a word', async () => {
  await show('signed-in');
  const said = [...document.querySelectorAll('nav li')].map((one) => text(one));
  expect(said).toEqual([
    'DA Data platform acme.okta.com 42 m Signed in',
    'MO MongoDB acme.okta.com 4 m Offline',
    'KO Kong staging acme.oktapreview.com ended Sign-in needed',
    'PO Pomerium id.acme.com Signed out',
  ]);
});

test('another profile is shown when it is chosen, in the list or in the strip', async () => {
  await show('signed-in');
  await click('Pomerium');
  expect(text(document.querySelector('h1'))).toBe('Pomerium');
  const select = document.querySelector('select');
  if (!select) throw new Error('the strip has a choice');
  expect(select.value).toBe('pomerium');
  select.value = 'kong';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
  expect(text(document.querySelector('h1'))).toBe('Kong staging');
});

test('while a renewal is under way, asking for one does nothing', async () => {
  await show('renewing');
  expect(button('Refresh now').getAttribute('aria-disabled')).toBe('true');
  await click('Refresh now');
  expect(backend.sent).toEqual([]);
});

test('what was copied is told, and what could not be is told too', async () => {
  await show('signed-in');
  await click('Copy access token');
  expect(text()).toContain('Copied · valid 42 min · clipboard cleared in 30 s');
  backend.answers.copyAccessToken = { answer: 'refused', ...problem({ code: 'clipboard.busy', title: 'Not copied' }) };
  await click('Copy access token');
  expect(text()).toContain('Not copied');
  await click('Dismiss');
  expect(text()).not.toContain('Not copied');
});

test('details show the server’s words and the code', async () => {
  await show('sign-in-failed');
  expect(text()).not.toContain('okta.redirect-uri-unknown');
  await click('Details');
  expect(text()).toContain('okta.redirect-uri-unknown');
  expect(text()).toContain('must be a Login redirect URI');
});

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

describe('the form', () => {
  test('adds what was typed and signs in', async () => {
    await show('first-run');
    expect(document.querySelector('nav')).toBeNull();
    await type('issuer', 'https://acme.okta.com/oauth2/aus4kd81');
    await type('client-id', '0oa9x2c71kQ');
    await settle(500);
    expect(text()).toContain('You will sign in at acme.okta.com. Your client ID goes there and nowhere else.');
    await click('Save and sign in');
    await settle();
    expect(backend.sent.map(([name]) => name)).toEqual(['checkProfile', 'addProfile', 'signIn']);
    expect(backend.sent[2]).toEqual(['signIn', 'p1', false]);
    expect(document.querySelector('form')).toBeNull();
  });
  test('keeps what was typed, whatever is told meanwhile', async () => {
    await show('first-run');
    await type('issuer', 'https://half');
    const other = new FakeBackend('signed-in');
    backend.tell('profiles', other.snapshot);
    backend.lose();
    await settle();
    expect(document.querySelector<HTMLInputElement>('#issuer')?.value).toBe('https://half');
    await click('Cancel');
    expect(text(document.querySelector('h1'))).toBe('Data platform');
  });
  test('has no way out on the first run, and one afterwards', async () => {
    await show('first-run');
    expect(named('main button', 'Cancel')).toBeUndefined();
  });
  test('opened from the list takes the typing at once', async () => {
    await show('signed-in');
    await click('Add a profile');
    expect(document.activeElement?.id).toBe('issuer');
  });
});

test('the heading takes the focus when the focused control goes with its view', async () => {
  await show('signed-out');
  button('Sign in with Okta').focus();
  await click('Sign in with Okta');
  await settle();
  expect(document.activeElement?.tagName).toBe('H1');
});

test('nothing takes the focus from nobody', async () => {
  await show('signed-in');
  backend.update('p1', { status: 'signed-out', session: null });
  await settle();
  expect(document.activeElement).toBe(document.body);
});
