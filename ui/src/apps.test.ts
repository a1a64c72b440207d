/** What an Okta app can want beside the usual, in the whole window over the fake backend. */
import { describe, expect, test } from 'vitest';
import { backend, click, named, settle, show, text, type } from './app-driver';
import { FakeBackend } from './lib/backend/fake';
import { ISSUER, problem } from './lib/backend/fake/parts';
import { NO_OPTIONS } from './lib/options';
import { PRESET_IDS, type PresetId } from './lib/presets';
import type { ProfileDraft } from './lib/wire/ProfileDraft';

/** What was sent of the profile that was typed. */
function drafts(intent: 'addProfile' | 'editProfile'): ProfileDraft[] {
  return backend.sent.filter(([name]) => name === intent).map((sent) => sent[intent === 'addProfile' ? 1 : 2] as ProfileDraft);
}

async function choose(id: string, value: string): Promise<void> {
  const select = document.querySelector<HTMLSelectElement>(`#${id}`);
  if (!select) throw new Error(`no choice ${id}`);
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
}

async function tick(id: string): Promise<void> {
  document.querySelector<HTMLElement>(`#${id}`)?.click();
  await settle();
}

/** Chooses something in the menu of the profile. */
async function manage(name: string): Promise<void> {
  await click('More for this profile');
  named('[role=menuitem]', name)?.click();
  await settle(200);
}

describe('more options', () => {
  const details = () => document.querySelector<HTMLDetailsElement>('details:has(#dpop)');

  test('are closed where nothing is set', async () => {
    await show('signed-in');
    await manage('Edit…');
    expect(details()?.open).toBe(false);
  });

  test('are open where something is set', async () => {
    await show('by-key');
    await manage('Edit…');
    expect(details()?.open).toBe(true);
    expect(document.querySelector<HTMLSelectElement>('#client_authentication')?.value).toBe('private_key_jwt');
    expect(document.querySelector<HTMLInputElement>('#dpop')?.checked).toBe(true);
    expect(document.querySelector<HTMLInputElement>('#max_age')?.value).toBe('3600');
  });

  test('are saved by the names of the profiles file, and a default as nothing', async () => {
    await show('by-key');
    await manage('Edit…');
    await choose('client_authentication', 'none');
    await choose('response_mode', 'form_post');
    await choose('prompt', 'login consent');
    await choose('groups_from', 'userinfo');
    await type('acr_values', 'urn:okta:loa:2fa:any');
    await type('max_age', '60');
    await type('groups_claim', 'teams');
    for (const id of ['dpop', 'push', 'silent_first']) await tick(id);
    await click('Save');
    await settle(200);
    expect(drafts('editProfile').map(({ options }) => options)).toEqual([
      {
        client_authentication: '',
        dpop: false,
        response_mode: 'form_post',
        prompt: 'login consent',
        acr_values: 'urn:okta:loa:2fa:any',
        max_age: '60',
        push: true,
        silent_first: true,
        sign_in_with: '',
        groups_claim: 'teams',
        groups_from: 'userinfo',
        further_audiences: '',
      },
    ]);
  });

  test('that are refused are told, and stay as they were typed', async () => {
    await show('signed-in');
    await manage('Edit…');
    await type('max_age', 'long');
    backend.answers.editProfile = { answer: 'refused', ...problem({ code: 'not-a-profile', title: 'max_age is no number' }) };
    await click('Save');
    await settle(200);
    expect(text()).toContain('max_age is no number');
    expect(document.querySelector<HTMLInputElement>('#max_age')?.value).toBe('long');
    await type('max_age', '60');
    expect(text()).not.toContain('max_age is no number');
  });

  test('of a link that names what there is not are shown as they came', async () => {
    const options = { ...NO_OPTIONS, client_authentication: 'tls_client_auth' };
    await show('signed-in');
    backend.tell('other', {
      ...backend.snapshot,
      offered: { name: '', issuer: 'https://acme.okta.com', client_id: '0oa1', redirect_uri: '', scopes: '', options },
    });
    await settle(10);
    expect(document.querySelector<HTMLSelectElement>('#client_authentication')?.value).toBe('tls_client_auth');
  });
});

describe('the profile out of whose session to sign in', () => {
  const choice = () => document.querySelector<HTMLSelectElement>('#sign_in_with');
  const offered = () => [...(choice()?.options ?? [])].map((one) => [one.value, one.text]);

  test('is one of the same server, is none until it is chosen, and says what it takes', async () => {
    await show('signed-in');
    await manage('Edit…');
    expect(offered()).toEqual([['', 'None: always in the browser'], ['mongodb', 'MongoDB']]);
    expect(choice()?.value).toBe('');
    expect(text(document.querySelector('label[for=sign_in_with]'))).toBe('Sign in with the session of');
    const hint = text(document.getElementById(choice()?.getAttribute('aria-describedby') ?? ''));
    expect(hint).toContain('device_sso');
    expect(hint).toContain('Token Exchange');
    await choose('sign_in_with', 'mongodb');
    await click('Save');
    await settle(200);
    expect(drafts('editProfile').map(({ options }) => options.sign_in_with)).toEqual(['mongodb']);
    await manage('Edit…');
    expect(choice()?.value).toBe('mongodb');
    expect(choice()?.closest('details')?.open).toBe(true);
    await choose('sign_in_with', '');
    await click('Save');
    await settle(200);
    expect(drafts('editProfile').map(({ options }) => options.sign_in_with)).toEqual(['mongodb', '']);
  });

  test('is kept and shown by its id where no profile has it', async () => {
    await show('signed-in', (backend) => backend.update('p1', { options: { ...NO_OPTIONS, sign_in_with: 'gone' } }));
    await manage('Edit…');
    expect(choice()?.value).toBe('gone');
    expect(offered().at(-1)).toEqual(['gone', 'gone']);
    await type('name', 'Renamed');
    await click('Save');
    await settle(200);
    expect(drafts('editProfile').map(({ options }) => options.sign_in_with)).toEqual(['gone']);
  });

  test('follows the issuer as it is read, and is not asked where no profile fits', async () => {
    await show('signed-in');
    await click('Add a profile');
    expect(choice()).toBeNull();
    await type('issuer', `${ISSUER}/.well-known/openid-configuration`);
    expect(choice()).toBeNull();
    await settle(600);
    expect(offered().map(([id]) => id)).toEqual(['', 'p1', 'mongodb']);
    await type('issuer', 'https://acme.okta.com');
    await settle(600);
    expect(choice()).toBeNull();
  });

  test('is said in German too', async () => {
    await show('signed-in', (backend) => {
      backend.snapshot = { ...backend.snapshot, settings: { ...backend.snapshot.settings, language: 'de' } };
    });
    await click('Mehr zu diesem Profil');
    named('[role=menuitem]', 'Bearbeiten…')?.click();
    await settle(200);
    expect(text(document.querySelector('label[for=sign_in_with]'))).toBe('Anmelden mit der Sitzung von');
    expect(offered()[0]).toEqual(['', 'Keinem: immer im Browser']);
  });
});

describe('what a client proves itself with', () => {
  const keys = () => [...document.querySelectorAll('pre')].map((one) => JSON.parse(one.textContent ?? '') as { kid: string });

  test('a secret is taken from the clipboard, and comes into no answer', async () => {
    await show('by-secret');
    expect(text()).toContain('1 secret kept.');
    await click('Take the secret from the clipboard');
    await settle(10);
    expect(backend.sent.at(-1)).toEqual(['takeClientSecret', 'p1']);
    expect(text()).toContain('2 secrets kept. The old one stays until the new one has worked.');
    expect(text()).toContain('it never comes into this window');
  });

  test('where there is none yet, it is said what follows', async () => {
    await show('by-secret', (backend) => {
      backend.answers.clientKeys = { answer: 'client-keys', secrets: 0, keys: [], has_api_token: false };
    });
    expect(text()).toContain('No client secret is kept. Without one Okta refuses the sign-in.');
  });

  test('what could not be taken is told, and what is kept stays shown', async () => {
    await show('by-secret');
    backend.answers.takeClientSecret = { answer: 'refused', ...problem({ code: 'no-secret', title: 'No secret is there' }) };
    await click('Take the secret from the clipboard');
    await settle(10);
    expect(text()).toContain('No secret is there');
    expect(text()).toContain('1 secret kept.');
  });

  test('the next key stands before the old one, and each public half is copied by its name', async () => {
    await show('by-key');
    await click('Client');
    await settle(10);
    const [old] = keys();
    await click('Make the next key');
    await settle(10);
    expect(text()).toContain('2 key pairs kept. The old one stays');
    expect(keys().map(({ kid }) => kid === old?.kid)).toEqual([false, true]);
    const copies = [...document.querySelectorAll<HTMLElement>('main button')].filter((one) => text(one) === 'Copy public key');
    copies[1]?.click();
    await settle();
    expect(backend.sent).toContainEqual(['copyPublicKey', 'p1', old?.kid]);
    expect(text()).toContain('✓ Public key copied');
  });

  test('is asked for again when something happened, since an old key goes once the new one has worked', async () => {
    await show('by-key');
    await click('Client');
    await settle(10);
    const before = backend.sent.filter(([name]) => name === 'clientKeys').length;
    backend.update('p1', {}, 'renewed');
    await settle(10);
    expect(backend.sent.filter(([name]) => name === 'clientKeys').length).toBe(before + 1);
  });

  test('nobody else is shown any of it', async () => {
    await show('signed-in');
    expect(named('[role=tab]', 'Client')).toBeUndefined();
    expect(backend.sent).toEqual([]);
  });

  test('comes before the first sign-in of a new profile, which could only fail', async () => {
    await show('first-run');
    await type('issuer', 'https://acme.okta.com/oauth2/aus4kd81');
    await type('client-id', '0oa9x2c71kQ');
    await choose('client_authentication', 'private_key_jwt');
    await settle(500);
    expect(named('main button', 'Save and sign in')).toBeUndefined();
    await click('Save');
    await settle(200);
    expect(backend.sent.map(([name]) => name)).not.toContain('signIn');
    expect(drafts('addProfile').map(({ options }) => options.client_authentication)).toEqual(['private_key_jwt']);
    expect(text()).toContain('1 key pair kept.');
  });
});

describe('copying a curl line for an address', () => {
  const dialog = () => document.querySelector<HTMLElement>('[role=dialog]');
  async function fill(url: string): Promise<void> {
    const input = dialog()?.querySelector('input');
    if (!input) throw new Error('there is a field for the address');
    input.value = url;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
  }
  async function ask(name: string): Promise<void> {
    await click('Other ways to copy');
    named('[role=menuitem]', name)?.click();
    await settle();
  }
  const entries = () => [...document.querySelectorAll('[role=menuitem]')].map((one) => text(one));

  test('is offered beside the usual one, and says who gets the token', async () => {
    await show('signed-in');
    expect(text()).not.toContain('DPoP');
    await click('Other ways to copy');
    expect(entries().filter((entry) => entry.includes('curl'))).toEqual(['curl line asks the UserInfo endpoint', 'curl for another address…']);
    await click('Other ways to copy');
    await ask('curl for another address');
    expect(text(dialog())).toContain('whoever answers at that address can use it');
  });

  test('is the only one where the token is bound, and that is said', async () => {
    await show('bound-token');
    expect(text()).toContain('Bound to a key of this computer (DPoP): the token alone is useless elsewhere');
    await click('Other ways to copy');
    expect(entries()).toEqual([
      'Access token of no use alone',
      'Authorization header of no use alone',
      'curl line… with a proof for one address',
      'export line of no use alone',
      'JSON of no use alone',
      'ID token',
    ]);
    await click('Tokens');
    expect(text(document.querySelector('[role=tabpanel]'))).toContain('the token alone is useless elsewhere');
  });

  test('asks for method and address, copies, and gives the keyboard back', async () => {
    await show('bound-token');
    await ask('curl line…');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Address');
    await click('Copy curl line');
    expect(backend.sent).toEqual([]);
    const method = dialog()?.querySelector('select');
    if (!method) throw new Error('there is a choice of methods');
    method.value = 'POST';
    method.dispatchEvent(new Event('change', { bubbles: true }));
    await fill(' https://api.acme.com/v1/orders ');
    await click('Copy curl line');
    await settle();
    expect(backend.sent).toEqual([['copyCurl', 'p1', 'POST', 'https://api.acme.com/v1/orders']]);
    expect(dialog()).toBeNull();
    expect(text()).toContain('Copied as curl line');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Other ways to copy');
  });

  test('that is refused says why, and keeps the address to be mended', async () => {
    await show('bound-token');
    backend.answers.copyCurl = { answer: 'refused', ...problem({ code: 'curl-address', title: 'No such address' }) };
    await ask('curl line…');
    await fill('ftp://x');
    await click('Copy curl line');
    expect(text()).toContain('No such address');
    expect(dialog()?.querySelector('input')?.value).toBe('ftp://x');
    dialog()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    await settle();
    expect(dialog()).toBeNull();
  });
});

describe('what a new profile is for', () => {
  const value = (id: string) => document.querySelector<HTMLInputElement>(`#${id}`)?.value;
  async function pick(id: PresetId): Promise<void> {
    document.querySelector<HTMLElement>(`input[name=preset][value=${id}]`)?.click();
    await settle();
  }

  test('fills in what its document fixes, and asks for two values', async () => {
    await show('first-run');
    await pick('kong');
    expect([value('name'), value('redirect-uri'), value('scopes'), value('issuer'), value('client-id')]).toEqual([
      'Kong',
      'http://localhost:27097/redirect',
      'openid profile email offline_access',
      '',
      '',
    ]);
    expect(text()).toContain('Kong’s own app at Okta is a Web app whose secret is its server’s, so Gatepass needs a separate Native app.');
    expect(text()).toContain('More options · some are set');
    await type('issuer', 'https://acme.okta.com/oauth2/aus4kd81');
    await type('client-id', '0oa9x2c71kQ');
    await settle(500);
    await click('Save and sign in');
    await settle();
    expect(drafts('addProfile').map(({ name, options }) => [name, options.groups_from])).toEqual([['Kong', 'access_token']]);
  });

  test.each(PRESET_IDS)('%s: an admin is told the redirect URI that the form has', async (id) => {
    await show('first-run');
    await pick(id);
    const steps = [...document.querySelectorAll('ol li')].map((one) => text(one));
    expect(steps.length).toBeLessThanOrEqual(5);
    expect(steps.join(' ')).toContain(value('redirect-uri'));
    expect(text().includes('needs a separate Native app')).toBe(['openmetadata', 'kong', 'pomerium'].includes(id));
  });

  test('keeps the form, whatever is told meanwhile', async () => {
    await show('first-run');
    await pick('mongodb');
    backend.tell('profiles', new FakeBackend('signed-in').snapshot);
    await settle();
    expect(value('name')).toBe('MongoDB');
  });

  test('is not asked of a profile that there is', async () => {
    await show('signed-in');
    await manage('Edit…');
    expect(document.querySelector('input[name=preset]')).toBeNull();
  });
});
