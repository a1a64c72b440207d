/** What an Okta app can want beside the usual, in the shape of the form. */
import type { ProfileOptions } from './wire/ProfileOptions';

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
