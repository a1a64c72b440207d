/** Every state that the window can be in, by name. What a name shows is what its line says. */
import { NO_OPTIONS } from '../../options';
import type { Problem } from '../../wire/Problem';
import type { Profile } from '../../wire/Profile';
import type { Session } from '../../wire/Session';
import type { Snapshot } from '../../wire/Snapshot';
import { told } from './okta';
import { ISSUER, defaults, groups, groupsNamed, groupsOfApi, onOtherDevice, person, problem, profile, session } from './parts';

const MINUTE = 60_000;
const HOUR_LEFT = { minutes: 42 + 10 / 60, of: 60 };

export const redirectRefused = problem({
  code: 'okta.redirect-uri-unknown',
  title: 'Okta does not know this redirect address',
  detail:
    'The app integration has no sign-in redirect URI http://localhost:27097/redirect. It must match to the letter, port included.',
  advice: 'An Okta admin adds it under Applications → Data platform → General → Sign-in redirect URIs.',
  action: 'copy-redirect-uri',
  whose: 'admin',
  console: {
    now: 'Applications (and Resources) → Applications → (your app) → General → Sign-in redirect URIs',
    before: 'Applications → (your app) → General → Login redirect URIs',
  },
  note: 'For our Okta admin: a sign-in with Gatepass needs your help.',
  quote:
    'The ‘redirect_uri’ parameter must be a Login redirect URI in the client app settings: https://acme-admin.okta.com/admin/app/oidc_client/instance/0oa9x2c71kQ#tab-general',
});
const requestAccepted = problem({
  code: 'request-accepted',
  title: 'Okta takes the request of this sign-in',
  detail:
    'It was handed the same request without a browser, and had nothing against client ID, redirect URI or scopes. By the standard it checks them then; Okta does not say that it does.',
  advice:
    'The cause is likely what Okta judges in the browser alone: sign-on policy, assignment, the browser itself. Sign in again and read what it shows; an Okta admin looks at Applications (and Resources) → Applications → (your app) → Sign On → User authentication.',
  action: 'sign-in',
  severity: 'warning',
  console: {
    now: 'Applications (and Resources) → Applications → (your app) → Sign On → User authentication',
    before: 'Applications → (your app) → Sign On → Sign On Policy',
  },
  note: 'For our Okta admin: a sign-in with Gatepass needs your help.',
});
const unreachable = problem({
  code: 'network.unreachable',
  title: 'acme.okta.com cannot be reached',
  detail: 'The last renewal got no answer.',
  advice: 'Gatepass tries again by itself; look at your network if this lasts.',
  severity: 'warning',
});
const accessDenied = problem({
  code: 'okta.access-denied',
  title: 'Okta refuses to renew this session',
  detail: 'You are no longer assigned to the app, or a policy of your organisation forbids it.',
  advice: 'Ask your Okta admin to look at your assignment and the app’s sign-on policy.',
  action: 'refresh',
  whose: 'admin',
  console: {
    now: 'Applications (and Resources) → Applications → (your app) → Assignments',
    before: 'Applications → (your app) → Assignments',
  },
  note: 'For our Okta admin: a sign-in with Gatepass needs your help.',
  severity: 'warning',
  quote: 'User is not assigned to the client application.',
});
const ended = problem({
  code: 'okta.refresh-token-ended',
  title: 'Okta ended the session',
  detail: 'The refresh token is no longer valid: it expired, it was revoked, or your password changed.',
  advice: 'Sign in again.',
  action: 'sign-in',
  quote: 'The refresh token is invalid or expired.',
});
const keyringLocked = problem({
  code: 'keyring.locked',
  title: 'The keyring is locked',
  detail: 'The session could not be stored, so it is in memory alone and ends when you quit Gatepass.',
  advice: 'Unlock the keyring; the session is stored at its next renewal.',
  severity: 'note',
});

/** The other profiles of the list, so that each picture shows how states stand beside each other. */
function others(now: number): Profile[] {
  return [
    profile({
      id: 'mongodb',
      name: 'MongoDB',
      status: 'offline',
      session: session(now, { minutes: 4.4, of: 60 }, { retry_at: now + MINUTE }),
    }),
    profile({
      id: 'kong',
      name: 'Kong staging',
      host: 'acme.oktapreview.com',
      issuer: 'https://acme.oktapreview.com/oauth2/default',
      status: 'sign-in-needed',
      problem: ended,
      ended_at: now - 20 * MINUTE,
    }),
    profile({ id: 'pomerium', name: 'Pomerium', host: 'id.acme.com', issuer: 'https://id.acme.com' }),
  ];
}

function with_(now: number, first: Partial<Profile>, rest: Profile[] = others(now)): Snapshot {
  return { ...empty, profiles: [profile(first), ...rest] };
}

function signedIn(now: number, what: Partial<Session> = {}, first: Partial<Profile> = {}): Snapshot {
  return with_(now, { status: 'signed-in', session: session(now, HOUR_LEFT, what), ...first });
}

function attempt(now: number, stage: NonNullable<Profile['attempt']>['stage'], first: Partial<Profile> = {}): Snapshot {
  const redirect_uri = stage === 'preparing' ? null : 'http://localhost:27097/redirect';
  return with_(now, { attempt: { stage, redirect_uri, code: null, ends_at: now + 278_000 }, ...first });
}

const BY_API = { ...NO_OPTIONS, groups_from: 'okta_api' };
const BY_API_TOKEN = { ...NO_OPTIONS, groups_from: 'okta_api_token' };
const BY_USERINFO = { ...NO_OPTIONS, groups_claim: 'okta_groups', groups_from: 'userinfo' };

/** What is told in place of, or after, a snapshot: no resident answers. */
export const troubles = {
  'cannot-start': problem({
    code: 'folder-not-usable',
    title: 'Gatepass cannot write in its folder',
    detail: '/home/robin/.local/state/gatepass cannot be used: Permission denied (os error 13).',
    advice: 'See to it that you can write there. Gatepass tries again by itself.',
  }),
  'cannot-start-again': problem({
    code: 'resident-ended',
    title: 'Gatepass cannot start',
    detail: 'The part of it that keeps your sessions ended without a word (signal: 11 (SIGSEGV)).',
    advice: 'Gatepass tries again by itself. Its log may say more: /home/robin/.local/state/gatepass/gatepass.log',
  }),
  'old-resident': problem({
    code: 'resident-older',
    title: 'Gatepass was updated',
    detail:
      'The old Gatepass still runs in the background: it speaks version 1 of the language between its parts, and this window version 2.',
    advice: 'Quit the old one; the new one starts by itself and takes over.',
    action: 'quit-old',
    severity: 'warning',
  }),
} satisfies Record<string, Problem>;

const empty: Snapshot = {
  profiles: [],
  resident: { version: '0.1.0', in_tray: true, language: 'en' },
  problem: null,
  offered: null,
  invited: null,
  settings: defaults,
  settings_problem: null,
};

export const states = {
  // The program itself
  starting: () => empty,
  'first-run': () => empty,
  'no-tray': (now) => ({ ...signedIn(now), resident: { version: '0.1.0', in_tray: false, language: 'en' } }),
  'resident-gone': (now) => signedIn(now),
  'cannot-start': () => empty,
  'cannot-start-again': (now) => signedIn(now),
  'old-resident': () => empty,
  'profiles-file-broken': () => ({
    ...empty,
    problem: problem({
      code: 'profiles.unreadable',
      title: 'The profiles file cannot be read',
      detail: 'Line 12 of ~/.config/gatepass/profiles.toml is not TOML.',
      advice: 'Mend that line; Gatepass reads the file again by itself.',
    }),
  }),

  // Settings
  'settings-file-broken': (now) => ({
    ...signedIn(now),
    settings_problem: problem({
      code: 'settings-file-unreadable',
      title: 'Something in the settings file is wrong',
      detail: 'line 4: clipboard_seconds: it must be 0 (never) or a number from 10 to 600.',
      advice:
        'Correct the file, or set it anew under Settings. What could be read of it is in use, and the default of the rest.',
      severity: 'warning',
    }),
  }),
  'browser-failed': (now) => ({
    ...attempt(now, 'browser-not-seen'),
    settings: { ...defaults, browser: 'firefox-esr -P work' },
    settings_problem: problem({
      code: 'chosen-browser-failed',
      title: 'Your browser could not be opened',
      detail: 'The settings name firefox-esr -P work to open the sign-in page, and it did not.',
      advice:
        'Choose another under Settings → Sign-in, or leave that empty for the system’s. The link of a sign-in that waits can be copied.',
      quote: 'this system has no such program',
    }),
  }),
  'always-dark': (now) => ({ ...signedIn(now), settings: { ...defaults, theme: 'dark' } }),
  'always-light': (now) => ({ ...signedIn(now), settings: { ...defaults, theme: 'light' } }),
  'set-by-hand': (now) => ({
    ...signedIn(now),
    settings: { ...defaults, clipboard_seconds: 45, activity_days: 0, notices: 'sign-in-needed', start_at_sign_in: true },
  }),

  // Signed out, and what leads there
  reading: (now) => with_(now, { reading: true }),
  'signed-out': (now) => with_(now, {}),
  'no-device-sign-in': (now) => with_(now, { device_sign_in: false }),
  'sign-in-failed': (now) => with_(now, { problem: redirectRefused }),
  'sign-in-needed': (now) => with_(now, { status: 'sign-in-needed', problem: ended, ended_at: now - 42 * MINUTE }),

  // The commonest problems with Okta, in the resident's own words: docs/errors.md shows them
  'sign-in-timed-out': (now) => with_(now, { problem: told['sign-in-timed-out'] }),
  'okta-to-be-asked': (now) => with_(now, { problem: { ...told['sign-in-timed-out'], inquiry: 'possible' } }),
  'okta-asked': (now) => with_(now, { problem: { ...told['sign-in-timed-out'], inquiry: 'under-way' } }),
  'request-accepted': (now) => with_(now, { problem: requestAccepted }),
  'no-matching-policy': (now) => with_(now, { problem: told['no-matching-policy'] }),
  'not-assigned': (now) => with_(now, { problem: told['not-assigned'] }),
  'session-ended': (now) =>
    with_(now, { status: 'sign-in-needed', problem: told['session-ended'], ended_at: now - 42 * MINUTE }),
  'client-wants-secret': (now) => with_(now, { problem: told['client-wants-secret'] }),
  'grant-type-off': (now) => with_(now, { problem: told['grant-type-off'] }),
  'unknown-scope': (now) => with_(now, { problem: told['unknown-scope'] }),
  'issuer-mismatch': (now) => with_(now, { problem: told['issuer-mismatch'] }),
  'access-denied': (now) => with_(now, { problem: told['access-denied'] }),
  'redirect-uris-taken': (now) => with_(now, { problem: told['redirect-uris-taken'] }),

  // A profile that is signed in with another one's session
  'lent-session': (now) => with_(now, { options: { ...NO_OPTIONS, sign_in_with: 'mongodb' } }),

  // What a profile's client proves itself with
  'by-secret': (now) => with_(now, { options: { ...NO_OPTIONS, client_authentication: 'client_secret_basic' } }),
  'further-audiences': (now) =>
    signedIn(now, {}, {
      audiences: ['https://billing.acme.com', 'api://reporting'],
      options: {
        ...NO_OPTIONS,
        further_audiences:
          'https://acme.okta.com/oauth2/aus7billing https://billing.acme.com billing.read\nhttps://acme.okta.com/oauth2/aus8reports api://reporting reports.read',
      },
    }),
  'by-key': (now) =>
    signedIn(now, {}, { options: { ...NO_OPTIONS, client_authentication: 'private_key_jwt', dpop: true, max_age: '3600' } }),

  // A sign-in under way
  preparing: (now) => attempt(now, 'preparing'),
  'opening-browser': (now) => attempt(now, 'opening-browser'),
  'browser-not-seen': (now) => attempt(now, 'browser-not-seen'),
  'in-browser': (now) => attempt(now, 'in-browser'),
  'on-other-device': (now) => with_(now, { attempt: onOtherDevice(now) }),
  'on-other-device-again': (now) => {
    const waiting = onOtherDevice(now);
    const code = waiting.code && { ...waiting.code, address_with_code: null };
    return with_(now, { status: 'signed-in', session: session(now, HOUR_LEFT), attempt: { ...waiting, code } });
  },
  exchanging: (now) => attempt(now, 'exchanging'),
  storing: (now) => attempt(now, 'storing'),
  'signing-in-again': (now) => attempt(now, 'in-browser', { status: 'signed-in', session: session(now, HOUR_LEFT) }),
  'custom-scheme': (now) =>
    with_(now, {
      attempt: { stage: 'in-browser', redirect_uri: 'dev.gatepass.desktop:/redirect', code: null, ends_at: now + 278_000 },
    }),
  'other-person': (now) =>
    signedIn(now, {}, { other_person: { was: person, now: { name: 'Kim Osei', email: 'kim.osei@acme.com' } } }),

  // Signed in, state by state
  'signed-in': (now) => signedIn(now),
  renewing: (now) => {
    const restored = session(now, HOUR_LEFT);
    return with_(now, {
      status: 'renewing',
      session: {
        ...restored,
        expires_at: null,
        lifetime_ms: null,
        refresh_at: null,
        groups: groupsNamed([], 'not-yet'),
        tokens: { ...restored.tokens, access: null, id: null, access_size: null, id_size: null },
      },
    });
  },
  offline: (now) =>
    signedIn(
      now,
      { expires_at: now + 23 * MINUTE, retry_at: now + MINUTE },
      { status: 'offline', problem: unreachable },
    ),
  'offline-restored': (now) => {
    const restored = session(now, HOUR_LEFT);
    return with_(now, {
      status: 'offline',
      problem: unreachable,
      session: {
        ...restored,
        expires_at: null,
        lifetime_ms: null,
        refresh_at: null,
        retry_at: now + 2 * MINUTE,
        groups: groupsNamed([], 'not-yet'),
        tokens: { is_bound: false, access: null, id: null, granted_scopes: [], access_size: null, id_size: null },
      },
    });
  },
  blocked: (now) => signedIn(now, {}, { status: 'blocked', problem: accessDenied }),
  'token-ended': (now) =>
    signedIn(
      now,
      { expires_at: now - 5 * MINUTE, retry_at: now + MINUTE },
      { status: 'offline', problem: unreachable },
    ),
  'memory-only': (now) => signedIn(now, {}, { memory_only: keyringLocked }),
  'no-refresh-token': (now) => signedIn(now, { renewable: false, refresh_at: null }),
  'last-minutes': (now) => signedIn(now, { renewable: false, refresh_at: null, expires_at: now + 4.2 * MINUTE }),
  'long-life': (now) => with_(now, { status: 'signed-in', session: session(now, { minutes: 28 * 60, of: 72 * 60 }) }),
  demo: (now) =>
    with_(
      now,
      {
        name: 'Demo org',
        demo: true,
        issuer: 'http://127.0.0.1:43117/oauth2/default',
        host: '127.0.0.1:43117',
        status: 'signed-in',
        session: session(now, { minutes: 1.5, of: 2 }),
      },
      [],
    ),

  // Groups
  'no-groups': (now) => signedIn(now, { groups: groupsNamed([]) }),
  'no-groups-claim': (now) => signedIn(now, { groups: groupsNamed([], 'no-claim') }),
  'groups-of-userinfo': (now) =>
    signedIn(now, { groups: { ...groups(37), source: 'user-info' } }, { groups_claim: 'okta_groups', options: BY_USERINFO }),
  'no-groups-of-userinfo': (now) =>
    signedIn(now, { groups: groupsNamed([], 'no-claim') }, { groups_claim: 'okta_groups', options: BY_USERINFO }),
  'groups-of-api': (now) => signedIn(now, { groups: groupsOfApi(37) }, { issuer: 'https://acme.okta.com', options: BY_API }),
  'groups-refused-by-api': (now) => signedIn(now, { groups: groupsNamed([], 'api-refused') }, { options: BY_API }),
  'groups-asked-for': (now) => signedIn(now, { groups: groupsNamed([], 'asking') }, { options: BY_USERINFO }),
  'api-token-refused': (now) => signedIn(now, { groups: groupsNamed([], 'api-token-refused') }, { options: BY_API_TOKEN }),
  'signed-out-with-api-token': (now) => with_(now, { options: BY_API_TOKEN }),
  'no-api-token': (now) => signedIn(now, { groups: groupsNamed([], 'no-api-token') }, { options: BY_API_TOKEN }),
  'many-groups': (now) => signedIn(now, { groups: groups(1500) }),
  'most-groups': (now) => {
    const { tokens } = session(now, HOUR_LEFT);
    return signedIn(now, { groups: groups(5000), tokens: { ...tokens, access_size: 148_204 } });
  },

  // Tokens
  'org-server': (now) => {
    const plain = session(now, HOUR_LEFT);
    return with_(now, {
      issuer: 'https://acme.okta.com',
      status: 'signed-in',
      session: {
        ...plain,
        groups: groupsNamed([], 'no-claim'),
        tokens: { ...plain.tokens, access: { kind: 'org-server' } },
      },
    });
  },
  'not-a-jwt': (now) => {
    const plain = session(now, HOUR_LEFT);
    return signedIn(now, { tokens: { ...plain.tokens, access: { kind: 'not-jwt' } } });
  },
  'unverified-token': (now) => {
    const plain = session(now, HOUR_LEFT);
    return signedIn(now, { tokens: { ...plain.tokens, access: { kind: 'unverified' } } });
  },

  'bound-token': (now) => {
    const plain = session(now, HOUR_LEFT);
    return signedIn(now, { tokens: { ...plain.tokens, is_bound: true } }, { options: { ...NO_OPTIONS, dpop: true } });
  },

  // Names from outside
  'right-to-left': (now) =>
    signedIn(
      now,
      {
        person: { name: 'نور الهاشمي', email: 'nour@acme.com' },
        groups: groupsNamed(['مهندسو المنصة', 'data-readers', 'צוות תפעול', '<b>not markup</b>'], 'id-token'),
      },
      { name: 'منصة البيانات' },
    ),
  'long-names': (now) =>
    signedIn(
      now,
      {
        person: {
          name: 'Wolfeschlegelsteinhausenbergerdorff '.repeat(4).trim(),
          email: `${'very.long.'.repeat(9)}name@acme.com`,
        },
        groups: groupsNamed(['a-group-with-a-name-that-goes-on-'.repeat(7), 'short']),
      },
      { name: 'The profile of the department of long profile names and of names that are longer still' },
    ),
  'many-profiles': (now) => ({
    ...signedIn(now),
    profiles: [
      ...signedIn(now).profiles,
      ...Array.from({ length: 26 }, (_, i) => profile({ id: `more${i}`, name: `Team ${i + 1}`, issuer: ISSUER })),
    ],
  }),
} satisfies Record<string, (now: number) => Snapshot>;

export type StateName = keyof typeof states;
