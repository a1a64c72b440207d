/**
 * All words for people that this side says by itself. Words about what went wrong come from the resident, finished.
 * Nothing here decides anything; a translation replaces this file.
 */
import type { Action } from './wire/Action';
import type { AttemptStage } from './wire/AttemptStage';
import type { CopiedThing } from './wire/CopiedThing';
import type { Problem } from './wire/Problem';
import type { Status } from './wire/Status';

export const app = 'Gatepass';

/** The six states, in the words that the tray uses too. */
export const status: Record<Status, string> = {
  'signed-in': 'Signed in',
  renewing: 'Renewing',
  offline: 'Offline',
  blocked: 'Blocked',
  'sign-in-needed': 'Sign-in needed',
  'signed-out': 'Signed out',
};

export const demo = {
  tag: 'demo',
  explanation: 'A demo org on this computer, reached without encryption',
};

export const memoryOnly = { word: 'Until you quit' };

/** In place of an answer, when the resident cannot be reached. */
export const noAnswer: Problem = {
  code: 'window.no-answer',
  title: 'Gatepass did not answer',
  detail: 'The part of Gatepass that keeps your sessions could not be reached, so nothing was done.',
  advice: 'It starts again by itself; try again in a moment.',
  action: null,
  severity: 'warning',
  quote: null,
};

export const resident = {
  starting: 'Starting…',
  gone: 'Gatepass stopped; starting it again…',
  back: 'Gatepass runs again',
  goneDetail: 'What you see is how things stood before.',
  noTray:
    'Your desktop shows no tray. Gatepass goes on in the background when you close this window; start Gatepass again to see it.',
  quit: 'Quit Gatepass',
  version: (version: string) => `Version ${version}`,
};

export const profiles = {
  label: 'Profiles',
  choose: 'Profile',
  add: 'Add a profile',
};

/** In place of `Signed out`, until the keyring has said whether that is so. */
export const reading = {
  word: 'Looking in the keyring…',
  line: 'If your system asks you to unlock it, do that to go on.',
};

export const signedOut = {
  signIn: 'Sign in with Okta',
  tryAgain: 'Try again',
  asSomeoneElse: 'Sign in as someone else',
  promise: 'Opens your browser. Nothing is typed in this window.',
};

export const signingIn = {
  titles: {
    preparing: 'Getting ready',
    'opening-browser': 'Opening your browser',
    'browser-not-seen': 'No browser opened',
    'in-browser': 'Finish signing in in your browser',
    exchanging: 'Almost there',
    storing: 'Storing…',
  } satisfies Record<AttemptStage, string>,
  preparing: (host: string) => `Asking ${host} how it wants you to sign in`,
  notSeen: 'Copy the link and open it yourself.',
  exchanging: 'Your browser came back; checking what Okta answered',
  storing: 'You are signed in at Okta; your keyring is taking the session.',
  listening: 'Listening on',
  waiting: 'Waiting for',
  left: (time: string) => `${time} left`,
  openAgain: 'Open the page again',
  copyLink: 'Copy link',
  cancel: 'Cancel',
  keepingBefore: 'You stay signed in as ',
  keepingAfter: ' in the meantime.',
};

export const signedIn = {
  copyToken: 'Copy access token',
  refresh: 'Refresh now',
  signOut: 'Sign out',
  tabs: { label: 'What Okta says about you', groups: 'Groups', tokens: 'Tokens' },
  timeLeft: 'Time left',
  ended: 'ended',
  noToken: 'no token yet',
  noEnd: 'no end',
  leftOf: (lifetime: string) => `left of ${lifetime}`,
  left: 'left',
  headLeft: (time: string) => `${time} left`,
};

/** What stands beside the word of a state. Times are finished texts such as `14:32`. */
export const detail = {
  renewsAt: (time: string) => `renews by itself at ${time}`,
  renewsSoon: 'renews by itself in a moment',
  signInBy: (time: string) => `sign in again by ${time}`,
  endsAt: (time: string) => `ends at ${time}; there is no refresh token, so sign in again then`,
  noEnd: 'has no end',
  renewing: 'asking Okta for a new access token',
  validFor: (span: string) => `still valid for ${span}`,
  tokenEnded: 'the access token has ended',
  noTokenYet: 'no access token yet',
  triesAt: (time: string) => `tries again by itself at ${time}`,
  triesSoon: 'tries again by itself',
  blocked: 'your Okta admin must act',
  endedAt: (time: string) => `ended at ${time}`,
  endedBecause: (time: string) => `ended at ${time}, because of this:`,
};

/** Sentences with names in them come in parts: a name from outside is drawn on its own, and cannot reorder the rest. */
export const otherPerson = {
  were: 'You were signed in as ',
  between: '. ',
  signedIn: ' signed in just now. Replace?',
  until: 'Until you answer, the session of ',
  goesOn: ' goes on. The session that you do not keep is ended at Okta.',
  replace: 'Replace',
  keep: 'Keep ',
};

export const groups = {
  filter: (n: number) => `Filter ${n.toLocaleString('en')} ${n === 1 ? 'group' : 'groups'}`,
  copy: 'Copy list',
  /** While a filter hides some of them. */
  copyAll: (n: number) => `Copy all ${n.toLocaleString('en')}`,
  listLabel: 'Groups',
  matching: (n: number, of: number) => `${n.toLocaleString('en')} of ${of.toLocaleString('en')} groups`,
  noMatch: 'No group matches',
  clear: 'Clear the filter',
  none: { title: 'No groups', line: 'Okta says that you are in no group that this app is told about.' },
  noClaim: {
    title: 'No token names your groups',
    line: 'Neither the access token nor the ID token has a groups claim. An Okta admin adds one under',
    path: 'Security → API → your authorization server → Claims',
    orgPath: 'Applications → this app → Sign On → OpenID Connect ID Token',
    scope: 'On this kind of server the profile must ask for the scope groups, too.',
  },
  notYet: { title: 'No groups yet', line: 'They come with the first renewal.' },
};

export const tokens = {
  label: 'Which token',
  access: 'Access',
  id: 'ID',
  refresh: 'Refresh',
  notShown: 'The tokens themselves never enter this window.',
  orgServer:
    'Opaque: for Okta alone. An org authorization server issued it for Okta’s own API, and nobody else is to look into it.',
  notJwt: 'Opaque: it is not a JWT, so there is nothing in it to read.',
  unverified: 'Nothing in it is shown: it is a JWT, but the issuer’s keys do not verify its signature.',
  noAccess: 'There is no access token yet. It comes with the first renewal.',
  noId: 'There is no ID token now: it is not kept over a restart. The next sign-in or renewal may bring one.',
  refreshKept: 'There is one. It stays in the keyring of this computer, and Gatepass sends it to Okta alone.',
  refreshInMemory: 'There is one. It is in memory alone until you quit, and Gatepass sends it to Okta alone.',
  refreshNone: 'There is none. The session ends with its access token, and then you sign in again.',
  nextRenewal: 'next renewal',
  scopes: 'scopes',
  ends: 'ends',
  signature: 'signature',
  verified: '✓ verified',
  key: 'key',
};

export const claims = {
  matchesProfile: 'matches the profile',
  ourClientId: 'this app’s client ID',
  inSpan: (span: string) => `in ${span}`,
  ago: (span: string) => `${span} ago`,
  ended: 'ended',
  nGroups: (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'group' : 'groups'}`,
  nEntries: (n: number) => `${n.toLocaleString('en')} entries`,
  groupsIn: { access: 'claim in the access token', id: 'claim in the ID token' },
  none: 'none',
  /** What claims mean that need no comparison. A map: a claim may be called `constructor`. */
  meaning: new Map([
    ['nonce', 'ties the token to this sign-in'],
    ['at_hash', 'ties it to the access token'],
    ['jti', 'this token’s own ID'],
    ['uid', 'your ID at Okta'],
    ['ver', 'version of the token’s format'],
    ['amr', 'how you proved who you are'],
    ['idp', 'where you proved who you are'],
    ['sid', 'the Okta session'],
  ]),
  issued: 'issued',
  signedIn: 'you signed in',
};

export const copied: Record<CopiedThing, string> = {
  'access-token': 'Copied',
  groups: 'List copied',
  'sign-in-link': 'Link copied: open it in a browser on this computer',
  'redirect-uri': 'Address copied',
};
export const receipt = {
  valid: (span: string) => `valid ${span}`,
  clearsIn: (span: string) => `clipboard cleared in ${span}`,
  cleared: 'clipboard cleared',
};

export const problem = {
  details: 'Details',
  dismiss: 'Dismiss',
  code: 'Code',
  quote: 'The server said',
  actions: {
    'sign-in': 'Sign in again',
    refresh: 'Try again now',
    'copy-redirect-uri': 'Copy the address',
    'quit-old': 'Quit the old one',
  } satisfies Record<Action, string>,
  severity: { note: 'Note', warning: 'Warning', error: 'Error' },
};

export const form = {
  firstTitle: 'Connect to your Okta',
  title: 'Add a profile',
  lead: 'Two values from your admin are enough.',
  issuer: 'Issuer',
  clientId: 'Client ID',
  redirectUri: 'Redirect URI',
  redirectHint: 'Must stand in the app’s Sign-in redirect URIs, to the letter.',
  name: 'Name',
  optional: 'optional',
  nameHint: 'What to call it here. Left empty, it is named after the issuer.',
  checking: 'Looking…',
  confirmBefore: 'You will sign in at ',
  confirmAfter: '. Your client ID goes there and nowhere else.',
  save: 'Save and sign in',
  cancel: 'Cancel',
  missing: { issuer: 'The issuer is missing.', client_id: 'The client ID is missing.' },
  status: { unknown: '', good: 'Good', note: 'Note', bad: 'Not usable' },
};

export const announce = {
  state: (profile: string, state: string) => `${profile}: ${state}`,
  fiveMinutes: (profile: string) => `${profile}: five minutes left`,
  ended: (profile: string) => `${profile}: the access token has ended`,
};
