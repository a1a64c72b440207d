import { describe, expect, test } from 'vitest';
import { profile, session } from './backend/fake/parts';
import {
  attemptView,
  expiryAnnouncement,
  headLeft,
  item,
  pieces,
  receiptLine,
  ring,
  screen,
  shortIssuer,
  shownStatus,
  signInLabel,
  statusBeforeRenewal,
  statusLine,
} from './present';
import type { AttemptStage } from './wire/AttemptStage';
import type { Profile } from './wire/Profile';
import type { Problem } from './wire/Problem';

const NOW = new Date(2026, 10, 20, 14, 1, 50).getTime();
const MINUTE = 60_000;
const lasting = session(NOW, { minutes: 42 + 10 / 60, of: 60 });
const problem: Problem = {
  code: 'x',
  title: 'X',
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
};
const attempt = (stage: AttemptStage, redirect_uri: string | null = 'http://localhost:27097/redirect') => ({
  stage,
  redirect_uri,
  code: null,
  ends_at: NOW + 278_000,
});

describe('the screen follows from the profile', () => {
  test.each<[string, Partial<Profile>, string]>([
    ['nobody', {}, 'signed-out'],
    ['a session', { session: lasting }, 'signed-in'],
    ['an attempt over a session', { session: lasting, attempt: attempt('in-browser') }, 'signing-in'],
    [
      'a question, before all else',
      { session: lasting, attempt: attempt('exchanging'), other_person: { was: lasting.person, now: lasting.person } },
      'other-person',
    ],
  ])('%s', (_, what, expected) => expect(screen(profile(what))).toBe(expected));
});

describe('a renewal', () => {
  const renewing = profile({ status: 'renewing', session: lasting });
  const renewal = { since: NOW, before: 'offline' as const };
  test('of less than half a second is not shown', () => {
    expect(shownStatus(renewing, renewal, NOW + 499)).toBe('offline');
    expect(shownStatus(renewing, renewal, NOW + 500)).toBe('renewing');
  });
  test('that is over is not shown, however long it took', () => {
    expect(shownStatus({ ...renewing, status: 'signed-in' }, renewal, NOW + 900)).toBe('signed-in');
  });
  test('seen first under way stands over a token, or over nothing', () => {
    expect(statusBeforeRenewal(renewing)).toBe('signed-in');
    expect(statusBeforeRenewal(profile({ status: 'renewing', session: { ...lasting, expires_at: null } }))).toBe(
      'renewing',
    );
  });
});

describe('the line beside a state', () => {
  const base = { session: lasting };
  test.each<[string, Partial<Profile>, string]>([
    ['signed in', { ...base, status: 'signed-in' }, 'renews by itself at 14:32'],
    [
      'signed in, renewal due',
      { status: 'signed-in', session: { ...lasting, refresh_at: NOW - 1 } },
      'renews by itself in a moment',
    ],
    [
      'signed in, with an end that no renewal puts off',
      { status: 'signed-in', session: { ...lasting, ends_at: NOW + 24 * 60 * MINUTE } },
      'renews by itself at 14:32; sign in again by tomorrow 14:01',
    ],
    [
      'signed in, nothing to renew with',
      { status: 'signed-in', session: { ...lasting, renewable: false } },
      'ends at 14:44; there is no refresh token, so sign in again then',
    ],
    ['renewing', { ...base, status: 'renewing' }, 'asking Okta for a new access token'],
    [
      'offline',
      { status: 'offline', session: { ...lasting, expires_at: NOW + 23 * MINUTE, retry_at: NOW + 2 * MINUTE } },
      'still valid for 23 min; tries again by itself at 14:03',
    ],
    [
      'offline since the start',
      { status: 'offline', session: { ...lasting, expires_at: null } },
      'no access token yet; tries again by itself',
    ],
    [
      'offline for too long',
      { status: 'offline', session: { ...lasting, expires_at: NOW } },
      'the access token has ended; tries again by itself',
    ],
    ['blocked', { ...base, status: 'blocked' }, 'your Okta admin must act; still valid for 42 min'],
    ['sign-in needed', { status: 'sign-in-needed', ended_at: NOW - 60 * MINUTE }, 'ended at 13:01'],
    [
      'sign-in needed, with the reason below',
      { status: 'sign-in-needed', ended_at: NOW - 60 * MINUTE, problem },
      'ended at 13:01, because of this:',
    ],
    ['signed out', { status: 'signed-out' }, ''],
  ])('%s', (_, what, expected) => {
    const one = profile(what);
    expect(statusLine(one, one.status, NOW)).toBe(expected);
  });
});

describe('the ring', () => {
  test('says time left, of how much, and draws the share', () => {
    expect(ring(lasting, 'signed-in', NOW)).toEqual({
      value: '42:10',
      caption: 'left of 1 h',
      fraction: (42 * 60 + 10) / 3600,
      isLong: false,
      tone: 'calm',
    });
  });
  test.each([
    ['no end at all', { expires_at: null }, '–', 'no end', 'ended'],
    ['no token yet', { expires_at: null, tokens: { ...lasting.tokens, access: null } }, '–', 'no token yet', 'ended'],
    ['the end', { expires_at: NOW }, 'ended', '', 'ended'],
    [
      'a day and more',
      { expires_at: NOW + 28 * 60 * MINUTE, lifetime_ms: 72 * 60 * MINUTE },
      '1 d 4 h',
      'left of 3 d',
      'calm',
    ],
    ['an unknown lifetime', { lifetime_ms: null }, '42:10', 'left', 'calm'],
    [
      'last minutes that nothing renews',
      { renewable: false, expires_at: NOW + 5 * MINUTE },
      '5:00',
      'left of 1 h',
      'late',
    ],
    ['last minutes that are renewed', { expires_at: NOW + 5 * MINUTE }, '5:00', 'left of 1 h', 'calm'],
  ])('at %s', (_, what, value, caption, tone) => {
    expect(ring({ ...lasting, ...what }, 'signed-in', NOW)).toMatchObject({ value, caption, tone });
  });
  test('never draws more than the whole, whatever the clocks say', () => {
    expect(ring({ ...lasting, expires_at: NOW + 90 * MINUTE }, 'signed-in', NOW).fraction).toBe(1);
  });
});

test('the head says the time left, or that it ended', () => {
  expect(headLeft(lasting, NOW)).toBe('42:10 left');
  expect(headLeft({ ...lasting, expires_at: NOW }, NOW)).toBe('ended');
  expect(headLeft({ ...lasting, expires_at: null }, NOW)).toBeNull();
});

describe('the list', () => {
  test.each<[Partial<Profile>, string]>([
    [{ status: 'signed-in', session: lasting }, '42 m'],
    [{ status: 'signed-in', session: { ...lasting, expires_at: NOW + 35_000 } }, '35 s'],
    [{ status: 'offline', session: { ...lasting, expires_at: NOW - 1 } }, 'ended'],
    [{ status: 'sign-in-needed' }, 'ended'],
    [{ status: 'signed-out' }, ''],
  ])('%o leaves %s', (what, left) => {
    const one = profile(what);
    expect(item(one, one.status, NOW).left).toBe(left);
  });
  test('takes whole characters for the glyph', () => {
    expect(item(profile({ name: ' 🦀 crab' }), 'signed-out', NOW).glyph).toBe('🦀 ');
    expect(item(profile({ name: '' }), 'signed-out', NOW).glyph).toBe('');
  });
});

test('an issuer loses https and keeps http', () => {
  expect(shortIssuer(profile({ issuer: 'https://id.acme.com' }))).toBe('id.acme.com');
  expect(shortIssuer(profile({ issuer: 'http://127.0.0.1:1/x' }))).toBe('http://127.0.0.1:1/x');
});

describe('an attempt', () => {
  test.each<[AttemptStage, string, string, boolean]>([
    ['preparing', 'Getting ready', 'Asking acme.okta.com how it wants you to sign in', false],
    ['opening-browser', 'Opening your browser', '', true],
    ['browser-not-seen', 'No browser opened', 'Copy the link and open it yourself.', true],
    ['in-browser', 'Finish signing in in your browser', '', true],
    ['exchanging', 'Almost there', 'Your browser came back; checking what Okta answered', false],
  ])('%s', (stage, title, line, isOpen) => {
    const view = attemptView(attempt(stage), profile({}), NOW);
    expect(view).toMatchObject({ title, line, left: '4:38 left', canCopyLink: isOpen, canOpenAgain: isOpen });
    expect(view.redirect !== null).toBe(isOpen);
    expect(view.isLinkFirst).toBe(stage === 'browser-not-seen');
  });
  test('listens on a loopback address, and waits for a private-use one', () => {
    expect(attemptView(attempt('in-browser'), profile({}), NOW).redirect?.words).toBe('Listening on');
    expect(attemptView(attempt('in-browser', 'dev.x:/redirect'), profile({}), NOW).redirect?.words).toBe('Waiting for');
  });
  test('can go on by a code where the server gives any', () => {
    const canUseCode = (what: Partial<Profile>, stage: AttemptStage) => attemptView(attempt(stage), profile(what), NOW).canUseCode;
    expect(canUseCode({}, 'in-browser')).toBe(true);
    expect(canUseCode({}, 'exchanging')).toBe(false);
    expect(canUseCode({ device_sign_in: false }, 'in-browser')).toBe(false);
  });
});

test('the big button tries again only after a failure', () => {
  expect(signInLabel(profile({}))).toBe('Sign in with Okta');
  expect(signInLabel(profile({ problem }))).toBe('Try again');
  expect(signInLabel(profile({ problem: { ...problem, severity: 'note' } }))).toBe('Sign in with Okta');
  expect(signInLabel(profile({ problem: { ...problem, code: 'keyring-locked' } }))).toBe('Sign in with Okta');
  expect(signInLabel(profile({ status: 'sign-in-needed', problem }))).toBe('Sign in with Okta');
});

describe('addresses in a text are told apart', () => {
  test.each([
    ['No URI http://localhost:1/x. It must match.', ['No URI ', '<http://localhost:1/x>', '. It must match.']],
    ['Listens at dev.gatepass.desktop:/redirect now', ['Listens at ', '<dev.gatepass.desktop:/redirect>', ' now']],
    ['Quoted “https://a.b/c”', ['Quoted “', '<https://a.b/c>', '”']],
    ['https://a.b', ['<https://a.b>']],
    ['nothing here: no', ['nothing here: no']],
    ['', []],
  ])('%s', (text, expected) => {
    expect(pieces(text).map(({ text, isCode }) => (isCode ? `<${text}>` : text))).toEqual(expected);
  });
});

describe('a receipt', () => {
  const token = { what: 'access-token' as const, expires_at: NOW + 41 * MINUTE, clears_at: NOW + 30_000 };
  test.each([
    [0, 'Copied · valid 41 min · clipboard cleared in 30 s'],
    [29_001, 'Copied · valid 40 min · clipboard cleared in 1 s'],
    [30_000, 'clipboard cleared'],
    [34_000, null],
  ])('after %d ms', (after, expected) => expect(receiptLine(token, NOW, NOW + after)).toBe(expected));
  test('of what is left on the clipboard goes by itself', () => {
    const list = { what: 'groups' as const, expires_at: null, clears_at: null };
    expect(receiptLine(list, NOW, NOW + 5_999)).toBe('List copied');
    expect(receiptLine(list, NOW, NOW + 6_000)).toBeNull();
  });
});

describe('the end is said aloud', () => {
  const one = profile({ session: lasting });
  const end = lasting.expires_at ?? 0;
  test.each([
    ['long before', end - 10 * MINUTE, end - 10 * MINUTE + 1000, null],
    ['at five minutes', end - 5 * MINUTE - 1, end - 5 * MINUTE, 'Data platform: five minutes left'],
    ['after five minutes', end - 5 * MINUTE, end - 5 * MINUTE + 1000, null],
    ['at zero', end - 1000, end, 'Data platform: the access token has ended'],
    ['after zero', end, end + 1000, null],
    ['over both at once, as after sleep', end - 6 * MINUTE, end + MINUTE, 'Data platform: the access token has ended'],
  ])('%s', (_, before, now, expected) => expect(expiryAnnouncement(one, before, now)).toBe(expected));
});
