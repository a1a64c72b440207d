/**
 * What the documents fix that people set Okta up by, so that only the issuer and the client ID are left to ask for. Each has
 * its page in `docs/okta`; the words are with the other words.
 */
import { NO_OPTIONS } from './options';
import type { ProfileOptions } from './wire/ProfileOptions';

export type PresetId = 'mongodb' | 'openmetadata' | 'kong' | 'pomerium' | 'other';

export interface Preset {
  /** What the profile is called. A product's name, and so the same in every language; empty: as the issuer says. */
  name: string;
  redirect_uri: string;
  /** Separated by spaces; empty for the usual ones of the issuer's kind. */
  scopes: string;
  options: ProfileOptions;
  /** Whether the document's app is its server's own, with a secret, so that Gatepass needs another (RFC 8252 section 8.5). */
  needsOwnApp: boolean;
}

/** Where Gatepass listens unless a profile says otherwise: MongoDB's document has the same address. */
export const DEFAULT_REDIRECT_URI = 'http://localhost:27097/redirect';

/** The scopes that a custom authorization server has by itself. */
const CUSTOM_SERVER = 'openid profile email offline_access';

export const PRESETS: Record<PresetId, Preset> = {
  mongodb: {
    name: 'MongoDB',
    redirect_uri: DEFAULT_REDIRECT_URI,
    scopes: CUSTOM_SERVER,
    options: { ...NO_OPTIONS, groups_from: 'access_token' },
    needsOwnApp: false,
  },
  openmetadata: {
    name: 'OpenMetadata',
    // Not its document’s, which its own server listens on.
    redirect_uri: DEFAULT_REDIRECT_URI,
    scopes: CUSTOM_SERVER,
    options: NO_OPTIONS,
    needsOwnApp: true,
  },
  kong: {
    name: 'Kong',
    redirect_uri: DEFAULT_REDIRECT_URI,
    scopes: CUSTOM_SERVER,
    options: { ...NO_OPTIONS, groups_from: 'access_token' },
    needsOwnApp: true,
  },
  pomerium: {
    name: 'Pomerium',
    redirect_uri: DEFAULT_REDIRECT_URI,
    // Its document has the org itself for the issuer, which names groups on this scope and in no access token.
    scopes: 'openid profile email groups offline_access',
    options: { ...NO_OPTIONS, groups_from: 'userinfo' },
    needsOwnApp: true,
  },
  other: { name: '', redirect_uri: DEFAULT_REDIRECT_URI, scopes: '', options: NO_OPTIONS, needsOwnApp: false },
};

export const PRESET_IDS = Object.keys(PRESETS) as PresetId[];
