import { expect, test } from 'vitest';
import { profile } from './backend/fake/parts';
import { NO_OPTIONS, chosen, isAnySet, kept, lenders, provenBy } from './options';
import type { ProfileOptions } from './wire/ProfileOptions';

test.each<[Partial<ProfileOptions>, boolean]>([
  [{}, false],
  [{ client_authentication: 'none', response_mode: 'query', groups_from: 'tokens', acr_values: ' ' }, false],
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
  [{ sign_in_with: 'work' }, true],
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

test('a session is lent by another profile of the same custom server, and by no other', () => {
  const [custom, org] = ['https://acme.okta.com/oauth2/default', 'https://acme.okta.com'];
  const all = [
    profile({ id: 'self', name: 'Self', issuer: custom }),
    profile({ id: 'beside', name: 'Beside', issuer: custom }),
    profile({ id: 'elsewhere', name: 'Elsewhere', issuer: 'https://acme.okta.com/oauth2/other' }),
    profile({ id: 'org', name: 'Org', issuer: org }),
    profile({ id: 'org-too', name: 'Org too', issuer: org }),
  ];
  const names = (issuer: string, id: string | undefined, chosen = '') => lenders(all, issuer, id, chosen).map(({ name }) => name);
  expect(names(custom, 'self')).toEqual(['Beside']);
  expect(names(custom, undefined)).toEqual(['Self', 'Beside']);
  expect(names(org, 'org')).toEqual([]);
  expect(names(`${org}/`, 'org')).toEqual([]);
  expect(names('', undefined)).toEqual([]);
  // What is chosen is shown, whether or not it can be.
  expect(names(custom, 'self', 'beside')).toEqual(['Beside']);
  expect(names(custom, 'self', 'elsewhere')).toEqual(['Beside', 'Elsewhere']);
  expect(names(org, 'org', 'gone')).toEqual(['gone']);
});
