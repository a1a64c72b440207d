/** What an Okta app can want beside the usual, in the shape of the form. */
import type { Profile } from './wire/Profile';
import type { ProfileOptions } from './wire/ProfileOptions';

/** Where a groups claim can be looked for, by the names of the profiles file; the first is the default. Then where groups
    are told without one. */
export const GROUP_CLAIM_PLACES = ['tokens', 'id_token', 'access_token', 'userinfo'] as const;
export const GROUP_PLACES = [...GROUP_CLAIM_PLACES, 'okta_api', 'okta_api_token'] as const;

/** What can be chosen among a few, by the names of the profiles file; the first of each is the default. */
export const CHOICES = {
  client_authentication: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  response_mode: ['query', 'form_post'],
  prompt: ['', 'login', 'consent', 'login consent'],
  groups_from: GROUP_PLACES,
} as const;

export type Chosen = keyof typeof CHOICES;
export type Choice<Of extends Chosen> = (typeof CHOICES)[Of][number];

/** Of an app that wants nothing beside the usual, as most do. */
export const NO_OPTIONS: ProfileOptions = {
  client_authentication: '',
  dpop: false,
  response_mode: '',
  prompt: '',
  acr_values: '',
  max_age: '',
  push: false,
  silent_first: false,
  sign_in_with: '',
  groups_claim: '',
  groups_from: '',
  further_audiences: '',
};

/** The value that stands for a choice in the form: what is left out is the default. */
export function chosen(options: ProfileOptions, of: Chosen): string {
  return options[of] || CHOICES[of][0];
}

/** What a choice is kept as, in which the default is left out. */
export function kept(of: Chosen, value: string): string {
  return value === CHOICES[of][0] ? '' : value;
}

/** Whether anything is not as it is by default. */
export function isAnySet(options: ProfileOptions): boolean {
  const isChosen = (Object.keys(CHOICES) as Chosen[]).some((of) => chosen(options, of) !== CHOICES[of][0]);
  const { dpop, push, silent_first, sign_in_with, acr_values, max_age, groups_claim, further_audiences } = options;
  const texts = [sign_in_with, acr_values, max_age, groups_claim, further_audiences];
  return isChosen || dpop || push || silent_first || texts.some((text) => text.trim() !== '');
}

/** Whether the profile looks groups up at Okta with the API token of an admin who insists. */
export function wantsApiToken({ groups_from }: ProfileOptions): boolean {
  return groups_from === 'okta_api_token';
}

/** Whether there is anything to keep for the client of the profile. */
export function keepsForClient(options: ProfileOptions): boolean {
  return provenBy(options) !== null || wantsApiToken(options);
}

/** A profile out of whose session another one can be signed in (Native SSO). */
export interface Lender {
  id: string;
  name: string;
}

/**
 * The profiles out of whose sessions the one of this issuer and id can be signed in, and the one that is chosen, whatever it
 * is. An org's own server lends no session.
 */
export function lenders(profiles: Profile[], issuer: string, id: string | undefined, chosen: string): Lender[] {
  const isCustomServer = /^https?:\/\/[^/]+\/+[^/]/.test(issuer);
  const fit = profiles.filter((one) => isCustomServer && one.issuer === issuer && one.id !== id);
  const isOfSeveral = (name: string) => fit.filter((one) => one.name === name).length > 1;
  const all = fit.map(({ id, name }) => ({ id, name: isOfSeveral(name) ? `${name} (${id})` : name }));
  if (chosen === '' || all.some((one) => one.id === chosen)) return all;
  return [...all, { id: chosen, name: profiles.find((one) => one.id === chosen)?.name ?? chosen }];
}

/** What a client proves itself with, where it does. */
export type ProvenBy = 'secret' | 'key';

export function provenBy({ client_authentication }: ProfileOptions): ProvenBy | null {
  if (client_authentication === 'private_key_jwt') return 'key';
  return client_authentication === 'client_secret_basic' || client_authentication === 'client_secret_post' ? 'secret' : null;
}
