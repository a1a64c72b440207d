/** What the fake's snapshots are put together from. All people and organisations are invented. */
import { NO_OPTIONS } from '../../options';
import type { Answer } from '../../wire/Answer';
import type { Attempt } from '../../wire/Attempt';
import type { Claim } from '../../wire/Claim';
import type { Groups } from '../../wire/Groups';
import type { Person } from '../../wire/Person';
import type { Problem } from '../../wire/Problem';
import type { Profile } from '../../wire/Profile';
import type { PublicKey } from '../../wire/PublicKey';
import type { Session } from '../../wire/Session';
import type { Settings } from '../../wire/Settings';
import type { Signature } from '../../wire/Signature';

export const ISSUER = 'https://acme.okta.com/oauth2/aus4kd81hsPqW3eN0x7';
const CLIENT_ID = '0oa9x2c71kQ';
const MINUTE = 60_000;

export const person: Person = { name: 'Robin Calder', email: 'robin.calder@acme.com' };

/** Settings that nobody touched. */
export const defaults: Settings = {
  theme: 'system',
  language: 'system',
  clipboard_seconds: 30,
  notices: 'all',
  activity_days: 30,
  browser: '',
  start_at_sign_in: false,
};

const signature: Signature = { algorithm: 'RS256', key_id: 'kQ2vT0h4mXw' };

const FIRST_GROUPS = ['platform-engineers', 'data-readers', 'oncall-primary', 'secops-viewers', 'Everyone'];

/** `n` names, as Okta would send them. */
export function groupNames(n: number): string[] {
  const areas = ['data', 'platform', 'billing', 'support', 'mobile', 'search', 'identity', 'finance'];
  const kinds = ['readers', 'writers', 'admins', 'oncall', 'auditors'];
  return Array.from({ length: n }, (_, i) => {
    const first = FIRST_GROUPS[i];
    return first ?? `${areas[i % areas.length]}-${kinds[Math.floor(i / areas.length) % kinds.length]}-${i}`;
  });
}

export function groups(n: number): Groups {
  return groupsNamed(groupNames(n));
}

export function groupsNamed(names: string[], source: Groups['source'] = 'access-token'): Groups {
  return { names, ids: [], source, added: [], left: [], since: null };
}

/** The same with the IDs that Okta's API tells. */
export function groupsOfApi(n: number): Groups {
  const names = groupNames(n);
  return { ...groupsNamed(names, 'okta-api'), ids: names.map((_, i) => `00g1a2b3c4D5e6F7g${String(i).padStart(3, '0')}`) };
}

/** What became of the person's groups since Tuesday, where `now` is a Friday. */
function groupsWithNews(now: number): Groups {
  return { ...groups(37), added: ['platform-engineers'], left: ['beta-testers'], since: now - 3 * 24 * 60 * MINUTE };
}

/** A session whose access token has `minutes` left of `of`. */
export function session(
  now: number,
  { minutes, of }: { minutes: number; of: number },
  what: Partial<Session> = {},
): Session {
  const expires_at = now + minutes * MINUTE;
  const issued_at = expires_at - of * MINUTE;
  const its = what.groups ?? groupsWithNews(now);
  const instants: Claim[] = [
    { name: 'exp', value: { kind: 'instant', value: expires_at } },
    { name: 'iat', value: { kind: 'instant', value: issued_at } },
  ];
  const groupClaim: Claim[] =
    its.source === 'no-claim' ? [] : [{ name: 'groups', value: { kind: 'count', value: its.names.length } }];
  return {
    person,
    expires_at,
    lifetime_ms: of * MINUTE,
    ends_at: null,
    refresh_at: issued_at + of * MINUTE * 0.8,
    retry_at: null,
    renewable: true,
    groups: its,
    tokens: {
      is_bound: false,
      access: {
        kind: 'verified',
        claims: [
          text('iss', ISSUER),
          text('aud', 'api://default'),
          ...instants,
          { name: 'scp', value: { kind: 'list', value: ['openid', 'email', 'profile', 'offline_access'] } },
          ...groupClaim,
          text('sub', 'robin.calder@acme.com'),
          text('cid', CLIENT_ID),
          text('jti', 'AT.8vQm2Yw0pX1hQvJ4b7C_rNzKd5sE9uTgL6oAfWiR3kM'),
          text('uid', '00u8f2k1QmWvZbT4x5d7'),
          { name: 'ver', value: { kind: 'json', value: '1' } },
        ],
        signature,
      },
      id: {
        claims: [
          text('iss', ISSUER),
          text('aud', CLIENT_ID),
          ...instants,
          text('sub', '00u8f2k1QmWvZbT4x5d7'),
          text('name', person.name),
          text('email', person.email ?? ''),
          { name: 'email_verified', value: { kind: 'json', value: 'true' } },
          { name: 'amr', value: { kind: 'list', value: ['pwd', 'mfa', 'otp'] } },
          text('at_hash', 'mQv0Zt3hPp1xY8cKdR2wLg'),
          { name: 'auth_time', value: { kind: 'instant', value: issued_at } },
          text('nonce', 'Jw3oUs9bX1aTe0VqYk7r2g'),
        ],
        signature,
      },
      granted_scopes: ['openid', 'email', 'profile', 'offline_access'],
      access_size: 1834,
      id_size: 1127,
    },
    ...what,
  };
}

/** A sign-in that waits for a code to be entered elsewhere. */
export function onOtherDevice(now: number): Attempt {
  const code = {
    user_code: 'KHDW-BTSQ',
    address: 'https://acme.okta.com/activate',
    address_with_code: 'https://acme.okta.com/activate?user_code=KHDWBTSQ',
  };
  return { stage: 'on-other-device', redirect_uri: null, code, ends_at: now + 581_000 };
}

export type ClientKeys = Omit<Extract<Answer, { answer: 'client-keys' }>, 'answer'>;

/** What a profile has that has been in use for a while. */
export function keysKept(clientAuthentication: string): ClientKeys {
  return {
    secrets: clientAuthentication.startsWith('client_secret') ? 1 : 0,
    keys: clientAuthentication === 'private_key_jwt' ? [publicKey(0)] : [],
    has_api_token: false,
  };
}

export function publicKey(n: number): PublicKey {
  const kid = ['m9QvT2hPp1xY8cKdR2wLgA', 'r4WsU7kNn3zB6eJfV5tMhC'][n % 2] ?? '';
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    use: 'sig',
    alg: 'ES256',
    kid,
  };
  return { kid, jwk: JSON.stringify(jwk, null, 2) };
}

/** A profile that is signed out, but for `what`. */
export function profile(what: Partial<Profile>): Profile {
  return {
    id: 'p1',
    name: 'Data platform',
    issuer: ISSUER,
    host: 'acme.okta.com',
    client_id: CLIENT_ID,
    scopes: ['openid', 'email', 'profile', 'offline_access', 'groups'],
    redirect_uris: ['http://localhost:27097/redirect'],
    options: NO_OPTIONS,
    groups_claim: 'groups',
    audiences: [],
    device_sign_in: true,
    demo: false,
    status: 'signed-out',
    reading: false,
    memory_only: null,
    session: null,
    attempt: null,
    other_person: null,
    problem: null,
    ended_at: null,
    ...what,
  };
}

export function problem(what: Partial<Problem> & Pick<Problem, 'code' | 'title'>): Problem {
  return {
    detail: '',
    advice: '',
    action: null,
    severity: 'error',
    quote: null,
    likely: [],
    inquiry: null,
    whose: 'you',
    console: null,
    note: null,
    ...what,
  };
}

function text(name: string, value: string): Claim {
  return { name, value: { kind: 'text', value } };
}
