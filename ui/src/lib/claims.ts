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
  /** Whether `text` is for machines, and so set in their type. */
  isCode: boolean;
  /** What it means; empty where nothing is to be said. */
  note: string;
}

/** Whether the claims are the access token's or the ID token's: `aud` and `groups` mean different things there. */
export type Which = 'access' | 'id';

export function claimRows(claims: Claim[], which: Which, profile: Profile, now: number): ClaimRow[] {
  return claims.map((claim) => ({ ...drawn(claim, now), ...known(claim, which, profile, now) }));
}

/** Any claim, by the kind of its value alone. */
function drawn({ name, value }: Claim, now: number): ClaimRow {
  const row = { name, text: '', tags: [] as string[], isCode: false, note: words.claims.meaning.get(name) ?? '' };
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
  if ((name === 'scp' || name === 'scope') && value.kind === 'text') {
    return { text: '', tags: value.value.split(' ').filter((scope) => scope !== '') };
  }
  if (name === 'groups' && (value.kind === 'list' || value.kind === 'count')) {
    const n = value.kind === 'list' ? value.value.length : value.value;
    return { tags: [], text: words.claims.nGroups(n), note: words.claims.groupsIn[which] };
  }
  return {};
}

/** Long texts without a space are identifiers or addresses; e-mail addresses are read by people. */
function isForMachines(text: string): boolean {
  return /^\S{12,}$/.test(text) && !text.includes('@');
}
