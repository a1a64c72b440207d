import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeBackend } from './backend/fake';
import { problem } from './backend/fake/parts';
import { Draft, isWorthAsking } from './draft.svelte';
import { NO_OPTIONS } from './options';
import { DEFAULT_REDIRECT_URI, PRESETS } from './presets';
import type { ProfileDraft } from './wire/ProfileDraft';

const ISSUER = 'https://acme.okta.com/oauth2/aus4kd81';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function begun() {
  const backend = new FakeBackend('first-run', 0);
  const checks = () => backend.sent.filter(([name]) => name === 'checkProfile').length;
  return { backend, draft: new Draft(backend), checks };
}

test.each<[string, Partial<ProfileDraft>, boolean]>([
  ['nothing', {}, false],
  ['a beginning', { issuer: 'https://acme' }, false],
  ['a dot without an end', { issuer: 'https://acme.' }, false],
  ['a host', { issuer: 'https://acme.okta.com' }, true],
  ['a path', { issuer: ISSUER }, true],
  ['space around it', { issuer: ` ${ISSUER} ` }, true],
  ['space in it', { issuer: 'https://acme.okta.com is it' }, false],
  ['http, to be told that it will not do', { issuer: 'http://acme.okta.com' }, true],
  ['this computer', { issuer: 'http://localhost:43117/oauth2/default' }, true],
  ['an address in IPv6', { issuer: 'http://[::1]:43117/' }, true],
  ['the placeholder of Okta’s guides', { issuer: 'https://{yourOktaDomain}/oauth2/default' }, true],
  ['a client ID in the issuer’s place', { issuer: '0oa9x2c71kQabcdefghi' }, true],
  ['a host without https', { issuer: 'acme.okta.com' }, false],
  ['swapped fields', { client_id: ISSUER, issuer: '0oa9' }, true],
])('whether to ask about %s', (_, typed, expected) => {
  expect(isWorthAsking({ name: '', issuer: '', client_id: '', redirect_uri: '', scopes: '', options: NO_OPTIONS, ...typed })).toBe(expected);
});

test('the issuer is asked once typing has paused, not before', async () => {
  const { draft, checks } = begun();
  for (let end = 1; end <= ISSUER.length; end += 1) {
    draft.type('issuer', ISSUER.slice(0, end));
    await vi.advanceTimersByTimeAsync(399);
  }
  expect(checks()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(checks()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(draft.report('issuer').status).toBe('good');
  expect(draft.host).toBe('acme.okta.com');
});

test('what was found of another text is not said of this one', async () => {
  const { draft } = begun();
  draft.type('issuer', ISSUER);
  draft.type('client_id', '0oa9');
  await vi.advanceTimersByTimeAsync(500);
  expect(draft.canSave).toBe(true);
  draft.type('issuer', `${ISSUER}2`);
  expect(draft.report('issuer').status).toBe('unknown');
  expect(draft.host).toBeNull();
  expect(draft.canSave).toBe(false);
});

test('an answer that a newer question overtook is dropped', async () => {
  const { backend, draft } = begun();
  const answers: ((answer: 'good' | 'bad') => void)[] = [];
  backend.checkProfile = () =>
    new Promise((resolve) =>
      answers.push((status) => {
        const field = { status, message: status };
        resolve({
          answer: 'report',
          issuer: field,
          client_id: field,
          redirect_uri: field,
          found_issuer: null,
          host: null,
        });
      }),
    );
  draft.type('issuer', ISSUER);
  await vi.advanceTimersByTimeAsync(400);
  draft.type('client_id', '0oa9');
  await vi.advanceTimersByTimeAsync(400);
  answers[1]?.('good');
  await vi.advanceTimersByTimeAsync(0);
  answers[0]?.('bad');
  await vi.advanceTimersByTimeAsync(0);
  expect(draft.report('issuer').status).toBe('good');
});

test('nothing is saved before the issuer was found; asking to save looks first', async () => {
  const { backend, draft, checks } = begun();
  draft.type('issuer', ISSUER);
  draft.type('client_id', '0oa9');
  const saved = draft.save();
  await vi.advanceTimersByTimeAsync(0);
  expect(await saved).toBeNull();
  expect(checks()).toBe(1);
  expect(backend.sent.map(([name]) => name)).not.toContain('addProfile');
  expect(draft.canSave).toBe(true);
});

test('a field that is not usable is not saved', async () => {
  const { draft } = begun();
  draft.type('issuer', ISSUER);
  draft.type('client_id', 'https://acme.okta.com');
  await vi.advanceTimersByTimeAsync(500);
  expect(draft.report('client_id').status).toBe('bad');
  expect(draft.canSave).toBe(false);
});

test('a refusal loses nothing that was typed', async () => {
  const { backend, draft } = begun();
  backend.answers.addProfile = { answer: 'refused', ...problem({ code: 'profiles.unwritable', title: 'Not saved' }) };
  draft.type('issuer', ISSUER);
  draft.type('client_id', '0oa9');
  draft.type('name', 'Ours');
  await vi.advanceTimersByTimeAsync(500);
  const saved = draft.save();
  await vi.advanceTimersByTimeAsync(0);
  expect(await saved).toBeNull();
  expect(draft.problem?.code).toBe('profiles.unwritable');
  expect(draft.fields).toEqual({ issuer: ISSUER, client_id: '0oa9', name: 'Ours', redirect_uri: DEFAULT_REDIRECT_URI, scopes: '', options: NO_OPTIONS });
  expect(draft.canSave).toBe(true);
});

test('a saved profile leaves an empty form and its id', async () => {
  const { draft } = begun();
  draft.type('issuer', ISSUER);
  draft.type('client_id', '0oa9');
  await vi.advanceTimersByTimeAsync(500);
  const saved = draft.save();
  await vi.advanceTimersByTimeAsync(0);
  expect(await saved).toBe('p1');
  expect(draft.fields.issuer).toBe('');
});

test('wanting to save what cannot be saved is always answered', async () => {
  const { draft, checks } = begun();
  expect(draft.report('issuer').message).toBe('');
  const saved = draft.save();
  await vi.advanceTimersByTimeAsync(200);
  expect(await saved).toBeNull();
  expect(draft.report('issuer')).toEqual({ status: 'bad', message: 'The issuer is missing.' });
  expect(draft.report('client_id')).toEqual({ status: 'bad', message: 'The client ID is missing.' });

  draft.type('issuer', 'acme.okta.com');
  await vi.advanceTimersByTimeAsync(1000);
  const before = checks();
  void draft.save();
  await vi.advanceTimersByTimeAsync(200);
  expect(checks()).toBe(before + 1);
});

test('a preset fills in what its document fixes, and leaves what is the person’s', async () => {
  const { draft, checks } = begun();
  draft.type('issuer', ISSUER);
  draft.type('client_id', '0oa9');
  draft.choose('pomerium');
  expect(draft.fields).toEqual({
    issuer: ISSUER,
    client_id: '0oa9',
    name: 'Pomerium',
    redirect_uri: DEFAULT_REDIRECT_URI,
    scopes: 'openid profile email groups offline_access',
    options: { ...NO_OPTIONS, groups_from: 'userinfo' },
  });
  // Another redirect URI is another question.
  await vi.advanceTimersByTimeAsync(500);
  expect(checks()).toBe(1);
});

test('another preset takes the place of the one before, but of no name that was typed', () => {
  const { draft } = begun();
  draft.choose('mongodb');
  draft.choose('kong');
  expect([draft.fields.name, draft.fields.options]).toEqual(['Kong', PRESETS.kong.options]);
  draft.choose('other');
  expect(draft.fields).toMatchObject({ name: '', scopes: '', options: NO_OPTIONS });
  draft.type('name', 'Ours');
  draft.choose('mongodb');
  expect(draft.fields.name).toBe('Ours');
});

test('a form that begins anew has no preset, and one with a preset is not replaced by a link', () => {
  const { draft } = begun();
  draft.choose('mongodb');
  expect(draft.isTouched).toBe(true);
  draft.clear();
  expect([draft.preset, draft.isTouched, draft.fields.scopes]).toEqual(['other', false, '']);
});
