/** Small stand-ins for what the resident makes of what is typed. */
import { NO_OPTIONS } from '../../options';
import type { Answer } from '../../wire/Answer';
import type { ProfileDraft } from '../../wire/ProfileDraft';
import type { ProfileReport } from '../../wire/ProfileReport';
import { problem } from './parts';

const notAnImport = problem({
  code: 'not-an-import',
  title: 'This is not a profile',
  detail: 'It is neither a link nor the text of a profile.',
  advice: 'Copy the whole link or text of the profile once more, or ask whoever sent it.',
  action: null,
});

/** What a link says. */
export function readLink(text: string): Answer {
  const link = URL.parse(text.trim());
  if (link?.protocol !== 'dev.gatepass.desktop:') return { answer: 'refused', ...notAnImport };
  const field = (name: string) => link.searchParams.get(name) ?? '';
  return {
    answer: 'draft',
    name: field('name'),
    issuer: field('issuer'),
    client_id: field('client_id'),
    redirect_uri: field('redirect_uri'),
    scopes: field('scopes'),
    options: NO_OPTIONS,
  };
}

/** What is found out about a draft. */
export function reportOn(draft: ProfileDraft): ProfileReport {
  const good = (message: string) => ({ status: 'good' as const, message });
  const bad = (message: string) => ({ status: 'bad' as const, message });
  const unknown = { status: 'unknown' as const, message: '' };
  let host: string | null = null;
  let issuer: ProfileReport['issuer'];
  if (!/^https:/.test(draft.issuer)) {
    issuer = bad('Must begin with https://. Okta answers nothing else.');
  } else if (/-admin\./.test(draft.issuer)) {
    issuer = bad('This is the host of the admin console. Take it without “-admin”.');
  } else if (/nobody/.test(draft.issuer)) {
    issuer = bad('There is no such host.');
  } else {
    host = new URL(draft.issuer).host;
    issuer = good('Found: custom authorization server, PKCE');
  }
  const client_id = /^https?:/.test(draft.client_id)
    ? bad('This is an address. A client ID looks like 0oa9x2c71kQ.')
    : unknown;
  return { issuer, client_id, redirect_uri: unknown, found_issuer: host ? draft.issuer.replace(/\/\.well-known\/.*$/, '') : null, host };
}
