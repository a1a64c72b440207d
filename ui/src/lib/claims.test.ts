import { describe, expect, test } from 'vitest';
import { profile } from './backend/fake/parts';
import { claimRows, scopesRow, sizeRow } from './claims';
import type { ClaimValue } from './wire/ClaimValue';

const NOW = new Date(2026, 10, 20, 14, 1, 50).getTime();
const one = profile({ issuer: 'https://acme.okta.com', client_id: '0oa1' });

function row(name: string, value: ClaimValue, which: 'access' | 'id' = 'access') {
  const [row] = claimRows([{ name, value }], which, one, NOW);
  if (!row) throw new Error('a row for each claim');
  return [row.text || row.tags.join('|'), row.note];
}

describe('a claim that this program knows', () => {
  test.each<[string, ClaimValue, string, string]>([
    ['iss', { kind: 'text', value: 'https://acme.okta.com' }, 'https://acme.okta.com', 'matches the profile'],
    ['iss', { kind: 'text', value: 'https://acme.okta.com/' }, 'https://acme.okta.com/', ''],
    ['aud', { kind: 'text', value: '0oa1' }, '0oa1', 'this app’s client ID'],
    ['aud', { kind: 'list', value: ['x', '0oa1'] }, 'x|0oa1', 'this app’s client ID'],
    ['aud', { kind: 'text', value: 'api://default' }, 'api://default', ''],
    ['cid', { kind: 'text', value: '0oa1' }, '0oa1', 'this app’s client ID'],
    ['exp', { kind: 'instant', value: NOW + 42.5 * 60_000 }, 'Today 14:44:20', 'in 42 min'],
    ['exp', { kind: 'instant', value: NOW - 1 }, 'Today 14:01:49', 'ended'],
    ['iat', { kind: 'instant', value: NOW - 18 * 60_000 }, 'Today 13:43:50', 'issued 18 min ago'],
    ['auth_time', { kind: 'instant', value: NOW - 18 * 60_000 }, 'Today 13:43:50', 'you signed in 18 min ago'],
    ['scp', { kind: 'list', value: ['openid', 'email'] }, 'openid|email', 'asked for, not granted'],
    ['scope', { kind: 'text', value: 'openid  email' }, 'openid|email', 'asked for, not granted'],
    ['groups', { kind: 'count', value: 1500 }, '1,500 groups', 'claim in the access token'],
    ['groups', { kind: 'list', value: ['a'] }, '1 group', 'claim in the access token'],
    ['nonce', { kind: 'text', value: 'n' }, 'n', 'ties the token to this sign-in'],
  ])('%s %o', (name, value, text, note) => expect(row(name, value)).toEqual([text, note]));

  test('says in which token the groups are', () => {
    expect(row('groups', { kind: 'count', value: 2 }, 'id')[1]).toBe('claim in the ID token');
  });
  test('takes for groups what the profile says, by whatever name', () => {
    const named = profile({ groups_claim: 'teams' });
    const notes = ['groups', 'teams'].map((name) => claimRows([{ name, value: { kind: 'count', value: 2 } }], 'id', named, NOW)[0]?.text);
    expect(notes).toEqual(['2 entries', '2 groups']);
  });
});

describe('any other claim is shown as it is', () => {
  test.each<[ClaimValue, string]>([
    [{ kind: 'text', value: '<b>x</b>' }, '<b>x</b>'],
    [{ kind: 'list', value: [] }, 'none'],
    [{ kind: 'count', value: 12 }, '12 entries'],
    [{ kind: 'json', value: '{"a":1}' }, '{"a":1}'],
    [{ kind: 'instant', value: NOW }, 'Today 14:01:50'],
  ])('%o', (value, text) => expect(row('department', value)).toEqual([text, '']));

  test('also where it bears the name of a known one and is something else', () => {
    expect(row('exp', { kind: 'text', value: 'never' })).toEqual(['never', '']);
    expect(row('groups', { kind: 'text', value: 'all' })).toEqual(['all', '']);
    expect(row('constructor', { kind: 'text', value: 'x' })).toEqual(['x', '']);
  });
});

describe('scopes are compared with those asked for', () => {
  test.each([
    [['openid', 'email'], ['openid', 'email'], [], 'all that were asked for'],
    [['openid'], ['openid', 'groups'], ['groups'], 'asked for, not granted'],
    [['openid', 'admin'], ['openid'], [], 'granted without being asked for'],
  ])('%j granted of %j', (granted, asked, absent, note) => {
    expect(scopesRow('scp', granted, asked)).toMatchObject({ tags: granted, absent, note });
  });
});

describe('the size of a token', () => {
  test('is not guessed', () => expect(sizeRow(null)).toEqual([]));
  test.each([
    [1834, '1,834 bytes', '23% of nginx’s 8 KB for a header · 11% of Node’s 16 KB for all headers', ''],
    [8170, '8,170 bytes', '100% of nginx’s', ''],
    [8171, '8,171 bytes', '100% of nginx’s', 'Too long for nginx’s 8 KB for a header, unless that was raised there.'],
    [16_363, '16,363 bytes', '200% of nginx’s', 'Too long for nginx’s 8 KB for a header and Node’s 16 KB for all headers, unless'],
  ])('of %d is set beside what it is up against', (size, text, note, warning) => {
    const [row] = sizeRow(size);
    expect(row?.text).toBe(text);
    expect(row?.note).toContain(note);
    expect(row?.warning.startsWith(warning)).toBe(true);
    expect(row?.warning === '').toBe(warning === '');
  });
});
