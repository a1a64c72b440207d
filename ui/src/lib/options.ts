/** What an Okta app can want beside the usual, in the shape of the form. */
import type { ProfileOptions } from './wire/ProfileOptions';

/** Where groups can be looked for, by the names of the profiles file; the first is the default. */
export const GROUP_PLACES = ['tokens', 'id_token', 'access_token', 'userinfo'] as const;

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
  groups_claim: '',
  groups_from: '',
};
