// Every message from the page to the program passes through here first, in a frame that the page cannot reach into.
// The page may ask for the commands below, with arguments of these shapes, and for nothing else. Whatever else it
// sends is replaced by a command that does not exist, so that the page hears of the refusal instead of waiting for ever.
(() => {
  'use strict';

  const isText = (limit) => (value) => typeof value === 'string' && value.length <= limit;
  const isFlag = (value) => typeof value === 'boolean';
  const isProfile = isText(200);
  const isOneOf =
    (...words) =>
    (value) =>
      words.includes(value);
  const isCount = (value) => Number.isInteger(value) && value >= 0 && value < 10_000;
  const isFormat = isOneOf('token', 'authorization-header', 'curl', 'export', 'json', 'id-token');
  const isChannel = (value) => typeof value === 'string' && /^__CHANNEL__:\d{1,16}$/.test(value);
  const isOptions = (value) =>
    hasShape(value, {
      client_authentication: isText(64),
      dpop: isFlag,
      response_mode: isText(64),
      prompt: isText(64),
      acr_values: isText(4096),
      max_age: isText(64),
      push: isFlag,
      silent_first: isFlag,
      sign_in_with: isText(64),
      groups_claim: isText(4096),
      groups_from: isText(64),
      further_audiences: isText(32_768),
    });
  const isDraft = (value) => {
    const field = isText(4096);
    return hasShape(value, {
      name: field,
      issuer: field,
      client_id: field,
      redirect_uri: field,
      scopes: field,
      options: isOptions,
    });
  };

  const isSettings = (value) =>
    hasShape(value, {
      theme: isOneOf('system', 'light', 'dark'),
      language: isOneOf('system', 'en', 'de'),
      clipboard_seconds: isCount,
      notices: isOneOf('all', 'sign-in-needed', 'none'),
      activity_days: isCount,
      browser: isText(4096),
      start_at_sign_in: isFlag,
    });

  const commands = new Map([
    ['watch', { channel: isChannel }],
    ['sign_in', { profile: isProfile, asSomeoneElse: isFlag, withCode: isFlag }],
    ['cancel_sign_in', { profile: isProfile }],
    ['copy_sign_in_link', { profile: isProfile }],
    ['answer_other_person', { profile: isProfile, replace: isFlag }],
    ['client_keys', { profile: isProfile }],
    ['take_client_secret', { profile: isProfile }],
    ['take_api_token', { profile: isProfile }],
    ['forget_api_token', { profile: isProfile }],
    ['make_client_key', { profile: isProfile }],
    ['copy_public_key', { profile: isProfile, key: isText(128) }],
    ['copy_curl', { profile: isProfile, method: isText(16), url: isText(4096) }],
    ['copy_code', { profile: isProfile }],
    ['refresh', { profile: isProfile }],
    ['sign_out', { profile: isProfile, inBrowser: isFlag }],
    ['copy_access_token', { profile: isProfile }],
    ['copy', { profile: isProfile, what: isFormat }],
    ['copy_token_for', { profile: isProfile, audience: isText(4096) }],
    ['copy_groups', { profile: isProfile }],
    ['copy_group', { profile: isProfile, group: isText(4096) }],
    ['copy_redirect_uri', { profile: isProfile }],
    ['copy_note_for_admin', { profile: isProfile }],
    ['find_out', { profile: isProfile }],
    ['dismiss_problem', { profile: isProfile }],
    ['activity', { profile: isProfile }],
    ['check_profile', { draft: isDraft }],
    ['add_profile', { draft: isDraft }],
    ['edit_profile', { profile: isProfile, draft: isDraft, maySignOut: isFlag }],
    ['duplicate_profile', { profile: isProfile, name: isText(4096) }],
    ['move_profile', { profile: isProfile, up: isFlag }],
    ['remove_profile', { profile: isProfile }],
    ['copy_profile', { profile: isProfile, asLink: isFlag }],
    ['save_profile', { profile: isProfile }],
    ['read_profile', { text: isText(65536) }],
    ['take_offered', { draft: isDraft }],
    ['answer_invitation', { profile: isProfile, accept: isFlag }],
    ['change_settings', { settings: isSettings }],
    ['places', {}],
    ['copy_place', { of: isOneOf('profiles', 'settings', 'activity', 'log', 'sessions') }],
    ['copy_diagnostics', { withNames: isFlag }],
    ['quit', {}],
  ]);

  // Snapshots longer than 8 KB do not come through the channel itself: Tauri has the page fetch them.
  const FETCH = 'plugin:__TAURI_CHANNEL__|fetch';

  function hasShape(value, shape) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const names = Object.keys(shape);
    return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name) && shape[name](value[name]));
  }

  function isPlain(options) {
    return options === undefined || options === null;
  }

  function isFetch({ payload, options }) {
    const isNothing = payload === null || payload === undefined || hasShape(payload, {});
    return isNothing && hasShape(options, { headers: (headers) => hasShape(headers, { 'Tauri-Channel-Id': isChannelId }) });
  }

  function isChannelId(value) {
    return /^\d{1,16}$/.test(String(value));
  }

  function isAllowed(message) {
    if (message.cmd === FETCH) return isFetch(message);
    const shape = commands.get(message.cmd);
    return shape !== undefined && isPlain(message.options) && hasShape(message.payload, shape);
  }

  window.__TAURI_ISOLATION_HOOK__ = (message) =>
    isAllowed(message)
      ? message
      : { cmd: 'refused', callback: message.callback, error: message.error, payload: {}, options: undefined };
})();
