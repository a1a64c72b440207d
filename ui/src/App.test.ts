/** What a person sees and does, in the whole window over the fake backend: click in, intent out. */
import { describe, expect, test, vi } from 'vitest';
import { backend, button, click, named, settle, show, text, type } from './app-driver';
import { FakeBackend } from './lib/backend/fake';
import { problem } from './lib/backend/fake/parts';
import { NO_OPTIONS } from './lib/options';
import { type StateName, states } from './lib/backend/fake/states';

test.each(Object.keys(states) as StateName[])('the state “%s” can be drawn, and has one heading', async (state) => {
  await show(state);
  expect(document.querySelectorAll('h1')).toHaveLength(1);
  expect(text(document.body)).not.toMatch(/undefined|null|NaN|\[object/);
});

describe('each control sends its intent', () => {
  test.each<[StateName, string, unknown[]]>([
    ['signed-out', 'Sign in with Okta', ['signIn', 'p1', false, false]],
    ['signed-out', 'Sign in as someone else', ['signIn', 'p1', true, false]],
    ['sign-in-failed', 'Try again', ['signIn', 'p1', false, false]],
    ['sign-in-failed', 'Sign in as someone else', ['signIn', 'p1', true, false]],
    ['sign-in-failed', 'Copy the address', ['copyRedirectUri', 'p1']],
    ['sign-in-failed', 'Copy a note for your admin', ['copyNoteForAdmin', 'p1']],
    ['blocked', 'Copy a note for your admin', ['copyNoteForAdmin', 'p1']],
    ['sign-in-failed', 'Dismiss', ['dismissProblem', 'p1']],
    ['okta-to-be-asked', 'Ask Okta what is wrong', ['findOut', 'p1']],
    ['in-browser', 'Open the page again', ['signIn', 'p1', false, false]],
    ['in-browser', 'Copy link', ['copySignInLink', 'p1']],
    ['signed-out', 'Sign in on another device', ['signIn', 'p1', false, true]],
    ['in-browser', 'Use a code instead', ['signIn', 'p1', false, true]],
    ['on-other-device', 'Copy code', ['copyCode', 'p1']],
    ['on-other-device', 'Cancel', ['cancelSignIn', 'p1']],
    ['in-browser', 'Cancel', ['cancelSignIn', 'p1']],
    ['browser-not-seen', 'Copy link', ['copySignInLink', 'p1']],
    ['signed-in', 'Copy access token', ['copyAccessToken', 'p1']],
    ['signed-in', 'Refresh now', ['refresh', 'p1']],
    ['signed-in', 'Sign out', ['signOut', 'p1', false]],
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
    ['on-other-device', ['On any device, open acme.okta.com/activate and enter KHDW-BTSQ', 'Expires in 9:41', 'The lesser way']],
    ['on-other-device-again', ['KHDW-BTSQ', 'You stay signed in as Robin Calder in the meantime.']],
    ['custom-scheme', ['Waiting for dev.gatepass.desktop:/redirect']],
    ['storing', ['Storing…', 'your keyring is taking the session']],
    ['reading', ['Looking in the keyring…', 'unlock it']],
    ['signing-in-again', ['You stay signed in as Robin Calder in the meantime.']],
    ['other-person', ['You were signed in as Robin Calder. Kim Osei signed in just now. Replace?']],
    ['no-groups', ['No groups', 'in no group']],
    ['no-groups-claim', ['No token names your groups', 'has the claim groups. An Okta admin', 'Security → API']],
    ['groups-of-userinfo', ['From the claim okta_groups of what the UserInfo endpoint answers', 'Groups 37']],
    ['no-groups-of-userinfo', ['The UserInfo endpoint does not name your groups', 'does not have the claim okta_groups.']],
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
    expect(document.querySelectorAll('main button:not([aria-haspopup])')).toHaveLength(0);
    expect(text(document.querySelector('nav li'))).toContain('Looking in the keyring…');
    backend.update('p1', { reading: false });
    await settle();
    expect(button('Sign in with Okta')).toBeDefined();
    expect(text(document.querySelector('[role=status]'))).toBe('Data platform: Signed out');
  });

  test('a sign-in that is being stored neither waits for the browser nor can be cancelled', async () => {
    await show('storing');
    expect(text()).not.toMatch(/browser|left/);
    expect(document.querySelectorAll('main button:not([aria-haspopup])')).toHaveLength(0);
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
  let told = (): void => {};
  await show('signed-in', (backend) => {
    const watch = backend.watch.bind(backend);
    vi.spyOn(backend, 'watch').mockImplementation(async (onTold) => {
      await new Promise<void>((resolve) => (told = resolve));
      return watch(onTold);
    });
  });
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
    expect(backend.sent[2]).toEqual(['signIn', 'p1', false, false]);
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
  test('leads to the settings on the first run too, and back', async () => {
    await show('first-run');
    await type('client-id', '0oa1');
    await click('Settings');
    expect(text()).toContain('Theme');
    await click('Add a profile');
    expect(document.querySelector<HTMLInputElement>('#client-id')?.value).toBe('0oa1');
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

test('a code for another device is drawn where an address carries it, and its copy is told', async () => {
  await show('on-other-device');
  expect(document.querySelector('svg[role=img]')?.getAttribute('aria-label')).toBe('QR code of that address with the code in it');
  await click('Copy code');
  expect(text()).toContain('✓ Code copied');
  backend.update('p1', { attempt: states['on-other-device-again'](Date.now()).profiles[0]?.attempt ?? null });
  await settle();
  expect(document.querySelector('svg[role=img]')).toBeNull();
});

test('the way to another device loses no focus', async () => {
  await show('in-browser');
  button('Use a code instead').focus();
  await click('Use a code instead');
  expect(document.activeElement?.tagName).toBe('H1');
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

describe('what can be done to a profile itself', () => {
  async function choose(name: string): Promise<void> {
    await click('More for this profile');
    const item = named('[role=menuitem]', name);
    if (!item) throw new Error(`no item “${name}”`);
    item.click();
    await settle(200);
  }

  test.each<[string, unknown[]]>([
    ['Duplicate', ['duplicateProfile', 'p1', 'Data platform (copy)']],
    ['Move down', ['moveProfile', 'p1', false]],
    ['Copy as link', ['copyProfile', 'p1', true]],
    ['Copy as text', ['copyProfile', 'p1', false]],
    ['Save as a file', ['saveProfile', 'p1']],
  ])('%s', async (name, intent) => {
    await show('signed-in');
    await choose(name);
    expect(backend.sent).toEqual([intent]);
  });

  test('says where it was saved, until something else is done', async () => {
    await show('signed-in');
    await choose('Save as a file');
    expect(text()).toContain('Saved as /home/robin/Downloads/gatepass-p1.toml');
    await choose('Copy as text');
    expect(text()).not.toContain('Saved as');
  });

  test('the first profile cannot be moved up', async () => {
    await show('signed-in');
    await choose('Move up');
    expect(backend.sent).toEqual([]);
  });

  test('it is removed when the person has said so, and not before', async () => {
    await show('signed-in');
    await choose('Remove…');
    expect(backend.sent).toEqual([]);
    expect(text(document.querySelector('[role=alertdialog]'))).toContain(
      'Robin Calder is signed out and the session ended at Okta first.',
    );
    expect(text(document.activeElement)).toBe('Cancel');
    await click('Cancel');
    expect(document.querySelector('[role=alertdialog]')).toBeNull();
    await choose('Remove…');
    await click('Remove');
    await settle(200);
    expect(backend.sent).toEqual([['removeProfile', 'p1']]);
    expect(text()).not.toContain('Data platform');
  });

  test('it is renamed without a look at the issuer', async () => {
    await show('signed-in');
    await choose('Edit…');
    await type('name', 'Renamed');
    await click('Save');
    await settle(200);
    expect(backend.sent.map(([name, , draft]) => [name, (draft as { name: string }).name])).toEqual([['editProfile', 'Renamed']]);
    expect(text()).toContain('Renamed');
    expect(text()).toContain('Robin Calder');
  });

  test('another client ID signs out, when the person has agreed', async () => {
    await show('signed-in');
    await choose('Edit…');
    await type('client-id', '0oaother');
    await click('Save');
    await settle(200);
    expect(text(document.querySelector('[role=alertdialog]'))).toContain('This signs out');
    expect(text()).not.toContain('Sign in with Okta');
    await click('Sign out and save');
    await settle(200);
    expect(backend.sent.map((sent) => [sent[0], sent[3]])).toEqual([
      ['editProfile', false],
      ['editProfile', true],
    ]);
    expect(text()).toContain('Sign in with Okta');
  });

  test('an edit that is left is not found again in the form for a new one', async () => {
    await show('signed-in');
    await choose('Edit…');
    await click('Add a profile');
    expect(document.querySelector<HTMLInputElement>('#issuer')?.value).toBe('');
  });

  test('where Okta asks that somebody signs in, the person is asked first, and nothing begins without their word', async () => {
    await show('signed-out');
    for (const [button, accept] of [
      ['Cancel', false],
      ['Sign in', true],
    ] as const) {
      backend.tell('other', { ...backend.snapshot, invited: 'p1' });
      await settle(100);
      expect(text()).toContain('Okta asks you to sign in to');
      expect(document.activeElement?.textContent?.trim()).toBe('Cancel');
      backend.sent.length = 0;
      await click(button);
      expect(backend.sent).toEqual([['answerInvitation', 'p1', accept]]);
      expect(text()).not.toContain('Okta asks you to sign in to');
    }
  });

  test('the browser’s session is ended, too, where that is asked for, and nobody is signed out who is not signed in', async () => {
    await show('signed-in');
    await choose('Sign out here and in the browser');
    expect(backend.sent).toEqual([['signOut', 'p1', true]]);
    backend.sent.length = 0;
    await choose('Sign out here and in the browser');
    expect(backend.sent).toEqual([]);
  });

  test('what a link brought is filled in once, and not over what is being typed', async () => {
    await show('signed-in');
    await click('Add a profile');
    await type('issuer', 'https://mine.example');
    const offered = { name: 'X', issuer: 'https://acme.okta.com', client_id: '0oa1', redirect_uri: '', scopes: 'openid', options: NO_OPTIONS };
    backend.tell('other', { ...backend.snapshot, offered });
    await settle(1000);
    const issuer = () => document.querySelector<HTMLInputElement>('#issuer')?.value;
    expect(issuer()).toBe('https://mine.example');
    backend.sent.length = 0;
    await click('Cancel');
    await settle(1000);
    expect(issuer()).toBe('https://acme.okta.com');
    expect(backend.sent.map(([name]) => name)).toEqual(['takeOffered']);
    // The person's word: only now is the host asked, and what it is stands there before anything is saved.
    await click('Save and sign in');
    await settle(1000);
    expect(text()).toContain('You will sign in at acme.okta.com');
    expect(backend.sent.map(([name]) => name)).toEqual(['takeOffered', 'checkProfile']);
  });

  test('a link fills the form, says the host, and adds nothing by itself', async () => {
    await show('signed-in');
    await click('Add a profile');
    const area = document.querySelector<HTMLTextAreaElement>('#import');
    if (!area) throw new Error('there is a place for it');
    area.value = 'dev.gatepass.desktop://profile?name=X&issuer=https%3A%2F%2Facme.okta.com&client_id=0oa1';
    area.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    await click('Fill in');
    await settle(500);
    expect(text()).toContain('You will sign in at acme.okta.com');
    expect(text()).toContain('This came from somebody else');
    expect(backend.sent.map(([name]) => name)).toEqual(['readProfile', 'checkProfile']);
  });

  test('a file fills the form as its text would, and no more of it is read than can be a profile', async () => {
    await show('signed-in');
    await click('Add a profile');
    const input = document.querySelector<HTMLInputElement>('#import-file');
    if (!input) throw new Error('there is a place for it');
    const link = 'dev.gatepass.desktop://profile?name=X&issuer=https%3A%2F%2Facme.okta.com&client_id=0oa1';
    for (const content of [link, 'x'.repeat(100_000)]) {
      Object.defineProperty(input, 'files', { value: [new File([content], 'acme.toml')], configurable: true });
      input.dispatchEvent(new Event('change', { bubbles: true }));
      await settle(500);
    }
    const read = backend.sent.filter(([name]) => name === 'readProfile').map(([, from]) => (from as string).length);
    expect(read).toEqual([link.length, 60_000]);
    expect(text()).toContain('You will sign in at acme.okta.com');
  });
});
