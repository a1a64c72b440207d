/** What an Okta app can want beside the usual, in the whole window over the fake backend. */
import { describe, expect, test } from 'vitest';
import { backend, click, named, settle, show, text, type } from './app-driver';
import { problem } from './lib/backend/fake/parts';
import { NO_OPTIONS } from './lib/options';
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
        groups_claim: 'teams',
        groups_from: 'userinfo',
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
