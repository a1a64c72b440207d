import { expect, test } from 'vitest';
import { NO_OPTIONS, chosen, isAnySet, kept, provenBy } from './options';
import type { ProfileOptions } from './wire/ProfileOptions';

test.each<[Partial<ProfileOptions>, boolean]>([
  [{}, false],
  [{ client_authentication: 'none', response_mode: 'query', groups_from: 'tokens', acr_values: ' ' }, false],
  // It has no control, so there is nothing to open for it.
  [{ sign_in_with: 'work' }, false],
  [{ client_authentication: 'private_key_jwt' }, true],
  [{ response_mode: 'form_post' }, true],
  [{ prompt: 'login' }, true],
  [{ groups_from: 'userinfo' }, true],
  [{ groups_claim: 'teams' }, true],
  [{ further_audiences: 'https://a/oauth2/b api://b b.read' }, true],
  [{ acr_values: 'urn:okta:loa:2fa:any' }, true],
  [{ max_age: '3600' }, true],
  [{ dpop: true }, true],
  [{ push: true }, true],
  [{ silent_first: true }, true],
])('of %o something is set: %s', (what, expected) => expect(isAnySet({ ...NO_OPTIONS, ...what })).toBe(expected));

test('a default is shown by its name, and kept as nothing', () => {
  expect(chosen(NO_OPTIONS, 'client_authentication')).toBe('none');
  expect(kept('client_authentication', 'none')).toBe('');
  expect(kept('response_mode', 'form_post')).toBe('form_post');
});

test.each([
  ['', null],
  ['none', null],
  ['client_secret_basic', 'secret'],
  ['client_secret_post', 'secret'],
  ['private_key_jwt', 'key'],
])('a client of “%s” proves itself by %s', (client_authentication, by) =>
  expect(provenBy({ ...NO_OPTIONS, client_authentication })).toBe(by),
);
