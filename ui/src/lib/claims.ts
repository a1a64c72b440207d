/**
 * Verified claims in words: what is drawn for each, and what it means for this profile. Pure. The tokens themselves are
 * not here; the page never has them.
 */
import { exactInstant, remaining, span } from './time';
import type { Claim } from './wire/Claim';
import type { Profile } from './wire/Profile';
import { words } from './words';

/** One line of the table. */
export interface ClaimRow {
  name: string;
  text: string;
  /** Short values that stand for themselves, in place of `text`. */
  tags: string[];
  /** Such values that are missing though they were asked for. */
  absent: string[];
  /** Whether `text` is for machines, and so set in their type. */
  isCode: boolean;
  /** What it means; empty where nothing is to be said. */
  note: string;
  /** What will go wrong; empty where nothing is known to. */
  warning: string;
}

export const BLANK: ClaimRow = { name: '', text: '', tags: [], absent: [], isCode: false, note: '', warning: '' };

/** Whether the claims are the access token's or the ID token's: `aud` and `groups` mean different things there. */
export type Which = 'access' | 'id';

export function claimRows(claims: Claim[], which: Which, profile: Profile, now: number): ClaimRow[] {
  return claims.map((claim) => ({ ...drawn(claim, now), ...known(claim, which, profile, now) }));
}

/** Any claim, by the kind of its value alone. */
function drawn({ name, value }: Claim, now: number): ClaimRow {
  const row = { ...BLANK, name, note: words.claims.meaning.get(name) ?? '' };
  switch (value.kind) {
    case 'text':
      return { ...row, text: value.value, isCode: isForMachines(value.value) };
    case 'instant':
      return { ...row, text: exactInstant(value.value, now) };
    case 'list':
      return value.value.length > 0 ? { ...row, tags: value.value } : { ...row, text: words.claims.none };
    case 'count':
      return { ...row, text: words.claims.nEntries(value.value) };
    case 'json':
      return { ...row, text: value.value, isCode: true };
  }
}

/** What more can be said of a claim that this program knows. */
function known({ name, value }: Claim, which: Which, profile: Profile, now: number): Partial<ClaimRow> {
  if (name === 'iss' && value.kind === 'text') {
    return { isCode: true, note: value.value === profile.issuer ? words.claims.matchesProfile : '' };
  }
  if (name === 'aud' || name === 'azp' || name === 'cid' || name === 'client_id') {
    const values = value.kind === 'list' ? value.value : value.kind === 'text' ? [value.value] : [];
    return { isCode: true, note: values.includes(profile.client_id) ? words.claims.ourClientId : '' };
  }
  if (name === 'exp' && value.kind === 'instant') {
    const left = remaining(value.value, now);
    return { note: left > 0 ? words.claims.inSpan(span(left)) : words.claims.ended };
  }
  if ((name === 'iat' || name === 'auth_time') && value.kind === 'instant') {
    const past = span(Math.max(0, now - value.value));
    return { note: name === 'iat' ? words.claims.issuedAgo(past) : words.claims.signedInAgo(past) };
  }
  if ((name === 'scp' || name === 'scope') && (value.kind === 'text' || value.kind === 'list')) {
    const scopes = value.kind === 'list' ? value.value : value.value.split(' ').filter((scope) => scope !== '');
    return scopesRow(name, scopes, profile.scopes);
  }
  if (name === profile.groups_claim && (value.kind === 'list' || value.kind === 'count')) {
    const n = value.kind === 'list' ? value.value.length : value.value;
    return { tags: [], text: words.claims.nGroups(n), note: words.claims.groupsIn[which] };
  }
  return {};
}

/** The scopes that were granted, beside those that were asked for. */
export function scopesRow(name: string, granted: string[], asked: string[]): ClaimRow {
  const absent = asked.filter((scope) => !granted.includes(scope));
  const isMore = granted.some((scope) => !asked.includes(scope));
  const note = absent.length > 0 ? words.tokens.notGranted : isMore ? words.tokens.unasked : words.tokens.allGranted;
  return { ...BLANK, name, tags: granted, absent, note };
}

/** What programs take by default in bytes: nginx for one header line (`large_client_header_buffers`), Node for all. */
const LIMITS = { nginx: 8 * 1024, node: 16 * 1024 } as const;
const HEADER = 'Authorization: Bearer '.length;

/** The length of a token, beside what it is up against; no row where it is not known. */
export function sizeRow(size: number | null): ClaimRow[] {
  if (size === null) return [];
  const limits = (['nginx', 'node'] as const).map((who) => ({ limit: LIMITS[who], called: words.tokens.limits[who] }));
  const uses = limits.map(({ limit, called }) => words.tokens.ofLimit((size + HEADER) / limit, called));
  const passed = limits.filter(({ limit }) => size + HEADER > limit).map(({ called }) => called);
  return [
    {
      ...BLANK,
      name: words.tokens.size,
      text: words.tokens.bytes(size),
      note: uses.join(' · '),
      warning: passed.length > 0 ? words.tokens.tooLong(passed) : '',
    },
  ];
}

/** Long texts without a space are identifiers or addresses; e-mail addresses are read by people. */
function isForMachines(text: string): boolean {
  return /^\S{12,}$/.test(text) && !text.includes('@');
}
