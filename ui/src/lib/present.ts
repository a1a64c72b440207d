/**
 * From what is true to what is drawn: a profile of the snapshot and a time in, finished texts and choices out. Pure, so
 * that what a person reads can be tested without a page. Start at `screen`, then `statusLine` and `ring`.
 */
import { HOUR, MINUTE, clock, countdown, remaining, shortSpan, span } from './time';
import type { Attempt } from './wire/Attempt';
import type { CopiedThing } from './wire/CopiedThing';
import type { Groups } from './wire/Groups';
import type { GroupsSource } from './wire/GroupsSource';
import type { Person } from './wire/Person';
import type { Problem } from './wire/Problem';
import type { Profile } from './wire/Profile';
import type { Receipt } from './wire/Receipt';
import type { Session } from './wire/Session';
import type { Status } from './wire/Status';
import { residentLanguage, words } from './words';

/** Which view a profile gets. */
export type Screen = 'other-person' | 'signing-in' | 'signed-in' | 'reading' | 'signed-out';

export function screen(profile: Profile): Screen {
  if (profile.other_person) return 'other-person';
  if (profile.attempt) return 'signing-in';
  if (profile.session) return 'signed-in';
  return profile.reading ? 'reading' : 'signed-out';
}

/** The word of a state, and of the time before it is known. */
export function stateWord(profile: Profile, status: Status): string {
  return screen(profile) === 'reading' ? words.reading.word : words.status[status];
}

/** A renewal that somebody watches: when it began, and what was shown before. */
export interface Renewal {
  since: number;
  before: Status;
}

/** A renewal is shown only once it has lasted this long; most are over sooner, and a flicker says nothing. */
export const RENEWING_SHOWN_AFTER = 500;

/** The state to draw, which is the state itself except in the first half second of a renewal. */
export function shownStatus(profile: Profile, renewal: Renewal | undefined, now: number): Status {
  if (profile.status !== 'renewing' || !renewal) return profile.status;
  return now - renewal.since < RENEWING_SHOWN_AFTER ? renewal.before : 'renewing';
}

/** What to take for the state before a renewal that was under way already when it was first seen. */
export function statusBeforeRenewal(profile: Profile): Status {
  return profile.session?.expires_at == null ? 'renewing' : 'signed-in';
}

/** A profile in the list. */
export interface Item {
  id: string;
  name: string;
  glyph: string;
  host: string;
  /** Time left or `ended`, in few characters; empty where there is nothing to count. */
  left: string;
  status: Status;
  word: string;
  isDemo: boolean;
  isMemoryOnly: boolean;
}

export function item(profile: Profile, status: Status, now: number): Item {
  return {
    id: profile.id,
    name: profile.name,
    glyph: [...profile.name.trim()].slice(0, 2).join('').toUpperCase(),
    host: profile.host,
    left: listedTime(profile, now),
    status,
    word: stateWord(profile, status),
    isDemo: profile.demo,
    isMemoryOnly: profile.memory_only !== null,
  };
}

function listedTime(profile: Profile, now: number): string {
  if (profile.status === 'sign-in-needed') return words.signedIn.ended;
  const end = profile.session?.expires_at;
  if (end == null) return '';
  const left = remaining(end, now);
  return left > 0 ? shortSpan(left) : words.signedIn.ended;
}

/** An address as a person types it into a browser, which begins with https by itself. */
export function typedAddress(address: string): string {
  return address.replace(/^https:\/\//, '');
}

/** The issuer without what all of them begin with. `http` stays: it is worth seeing. */
export function shortIssuer(profile: Profile): string {
  return typedAddress(profile.issuer);
}

/** The ring with the time left. */
export interface Ring {
  value: string;
  caption: string;
  /** From 0 to 1. */
  fraction: number;
  /** Whether `value` needs smaller type to fit. */
  isLong: boolean;
  tone: 'calm' | 'late' | 'ended';
}

export function ring(session: Session, status: Status, now: number): Ring {
  const end = session.expires_at;
  if (end === null) {
    const caption = session.tokens.access ? words.signedIn.noEnd : words.signedIn.noToken;
    return { value: '–', caption, fraction: 0, isLong: false, tone: 'ended' };
  }
  const left = remaining(end, now);
  if (left === 0) {
    return { value: words.signedIn.ended, caption: '', fraction: 0, isLong: true, tone: 'ended' };
  }
  const lifetime = session.lifetime_ms;
  // A session that renews by itself has no last minutes to worry about.
  const isLate = left <= LAST_MINUTES && (status !== 'signed-in' || !session.renewable);
  return {
    value: countdown(left),
    caption: lifetime ? words.signedIn.leftOf(span(lifetime)) : words.signedIn.left,
    fraction: lifetime ? Math.min(1, left / lifetime) : 1,
    isLong: left >= HOUR,
    tone: isLate || status === 'offline' || status === 'blocked' ? 'late' : 'calm',
  };
}

const LAST_MINUTES = 5 * MINUTE;

/** The time left as the head of the window says it; `null` where there is none to say. */
export function headLeft(session: Session, now: number): string | null {
  if (session.expires_at === null) return null;
  const left = remaining(session.expires_at, now);
  return left > 0 ? words.signedIn.headLeft(countdown(left)) : words.signedIn.ended;
}

/** What stands beside the word of the state. */
export function statusLine(profile: Profile, status: Status, now: number): string {
  const { session } = profile;
  switch (status) {
    case 'signed-in':
      return session ? signedInLine(session, now) : '';
    case 'renewing':
      return words.detail.renewing;
    case 'offline':
      return [validity(session, now), tries(session, now)].join('; ');
    case 'blocked':
      return [words.detail.blocked, validity(session, now)].join('; ');
    case 'sign-in-needed':
      if (profile.ended_at === null) return '';
      return (profile.problem ? words.detail.endedBecause : words.detail.endedAt)(clock(profile.ended_at, now));
    case 'signed-out':
      return '';
  }
}

function signedInLine(session: Session, now: number): string {
  if (session.renewable) {
    const at = session.refresh_at;
    const renews = at === null || at <= now ? words.detail.renewsSoon : words.detail.renewsAt(clock(at, now));
    return session.ends_at === null ? renews : `${renews}; ${words.detail.signInBy(clock(session.ends_at, now))}`;
  }
  return session.expires_at === null ? words.detail.noEnd : words.detail.endsAt(clock(session.expires_at, now));
}

function validity(session: Session | null, now: number): string {
  const end = session?.expires_at;
  if (end == null) return words.detail.noTokenYet;
  const left = remaining(end, now);
  return left > 0 ? words.detail.validFor(span(left)) : words.detail.tokenEnded;
}

function tries(session: Session | null, now: number): string {
  const at = session?.retry_at;
  return at == null || at <= now ? words.detail.triesSoon : words.detail.triesAt(clock(at, now));
}

/** A sign-in that is under way. */
export interface AttemptView {
  title: string;
  /** One sentence beneath the title; empty where the address alone is said. */
  line: string;
  /** Where it listens, once that matters to the person. */
  redirect: { words: string; uri: string } | null;
  /** Empty once nothing counts down any more. */
  left: string;
  canOpenAgain: boolean;
  canCopyLink: boolean;
  /** Whether the person can go on on another device in place of this browser. */
  canUseCode: boolean;
  /** Whether copying the link is what the person should do now. */
  isLinkFirst: boolean;
  canCancel: boolean;
}

export function attemptView(attempt: Attempt, of: Pick<Profile, 'host' | 'device_sign_in'>, now: number): AttemptView {
  const { stage } = attempt;
  const isOpen = stage === 'opening-browser' || stage === 'browser-not-seen' || stage === 'in-browser';
  const lines = {
    preparing: words.signingIn.preparing(of.host),
    'opening-browser': '',
    'browser-not-seen': words.signingIn.notSeen,
    'in-browser': '',
    'on-other-device': '',
    exchanging: words.signingIn.exchanging,
    storing: words.signingIn.storing,
  };
  const uri = attempt.redirect_uri;
  return {
    title: words.signingIn.titles[stage],
    line: lines[stage],
    redirect:
      isOpen && uri ? { words: /^https?:/.test(uri) ? words.signingIn.listening : words.signingIn.waiting, uri } : null,
    left: stage === 'storing' ? '' : words.signingIn.left(countdown(remaining(attempt.ends_at, now))),
    canOpenAgain: isOpen,
    canCopyLink: isOpen,
    canUseCode: isOpen && of.device_sign_in,
    isLinkFirst: stage === 'browser-not-seen',
    canCancel: stage !== 'storing',
  };
}

/** The big button: trying again reads differently from signing in. A keyring in trouble is no sign-in that failed. */
export function signInLabel(profile: Profile): string {
  const { problem } = profile;
  const isOfSignIn = problem !== null && problem.severity !== 'note' && !problem.code.startsWith('keyring-');
  const hasFailed = profile.status === 'signed-out' && isOfSignIn;
  return hasFailed ? words.signedOut.tryAgain : words.signedOut.signIn;
}

/** The glyph of a problem, so that its weight is a shape too. */
export function severityGlyph(problem: Problem): string {
  return { note: '○', warning: '▲', error: '◆' }[problem.severity];
}

/** A text cut where addresses begin and end, for drawing those as code. */
export function pieces(text: string): { text: string; isCode: boolean }[] {
  return text
    .split(/((?:https?|[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+):\/[^\s“”"<>]*[^\s“”"<>.,;:!?)])/)
    .map((piece, index) => ({ text: piece, isCode: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

/** Whether the groups were told: an empty list says then that there are none. */
export function areTold({ source }: Groups): boolean {
  const told: GroupsSource[] = ['id-token', 'access-token', 'user-info', 'okta-api'];
  return told.includes(source);
}

/** Copies that have a token in them. */
export const TOKEN_COPIES: CopiedThing[] = ['access-token', 'exchanged-token', 'authorization-header', 'curl', 'export', 'json', 'id-token'];

/** What the button that copied says now; `null` once there is nothing left to say. */
export function receiptLine(receipt: Receipt, at: number, now: number): string | null {
  const parts = [words.copied[receipt.what]];
  if (receipt.expires_at !== null) {
    const left = remaining(receipt.expires_at, now);
    if (left > 0) parts.push(words.receipt.valid(span(left)));
  }
  if (receipt.clears_at !== null) {
    const left = remaining(receipt.clears_at, now);
    if (left === 0) return now < receipt.clears_at + RECEIPT_LINGERS ? words.receipt.cleared : null;
    parts.push(words.receipt.clearsIn(span(left)));
  } else if (now >= at + RECEIPT_LASTS) {
    return null;
  }
  return parts.join(' · ');
}

// Long enough to be read after looking up from the keyboard.
const RECEIPT_LASTS = 6000;
const RECEIPT_LINGERS = 4000;

/** What to say aloud as time passes from `before` to `now`; `null` almost always. */
export function expiryAnnouncement(profile: Profile, before: number, now: number): string | null {
  const end = profile.session?.expires_at;
  if (end == null) return null;
  const passed = (at: number) => before < at && now >= at;
  if (passed(end)) return words.announce.ended(profile.name);
  return passed(end - LAST_MINUTES) ? words.announce.fiveMinutes(profile.name) : null;
}

/** The language of a problem's texts, where it is not the window's: the resident's are finished, and in its own. */
export function problemLanguage(problem: Problem): string | undefined {
  return problem.code.startsWith('window.') ? undefined : residentLanguage();
}

/** A problem as a sentence to be said aloud. */
export function spokenProblem(problem: Problem): string {
  return `${problem.title}. ${problem.detail} ${problem.advice}`;
}

/** The name to call a person by. */
export function personName(person: Person): string {
  return person.name || person.email || '';
}
