// oidc-provider, certified by the OpenID Foundation, set up to look like an Okta custom authorization server: Okta's
// paths, groups in both tokens, offline_access without a consent page, refresh tokens that rotate. So that Gatepass is
// not judged by our own fake alone.
//
// Everybody who comes is signed in at once as `PERSON`, or as the login_hint says: the tests' browser follows redirects
// and fills in no forms. Prints `listens ORIGIN` and `ready ISSUER`, and ends when its standard input closes. What it
// has counted is at ORIGIN/counts: refreshes granted, refresh tokens that were used again, requests that were pushed, and
// questions about tokens.
//
// When a refresh token is rotated the old one is spent at once: oidc-provider knows no grace. The last one ends a day after
// the sign-in, as all did before it.
//
// CLIENT is JSON: settings of its one client beside these, by their names in Dynamic Client Registration. A client whose
// jwks_uri is `here` has the keys that were sent to ORIGIN/client-keys. DPoP at the token endpoint needs a nonce, as at Okta.
//
// Environment: PERSON=alice  ROTATE=1|0  ACCESS_TOKEN_SECONDS=300  REDIRECT_URIS="http://localhost:27097/redirect …"
// PUBLIC_ORIGIN=http://127.0.0.1:PORT  CLIENT={}
import crypto from 'node:crypto';
import http from 'node:http';
import { exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';
import { Provider, interactionPolicy } from 'oidc-provider';

const setting = (name, otherwise) => process.env[name] ?? otherwise;
const base = '/oauth2/default';
const groups = { alice: ['Everyone', 'developers', 'k8s-admins'], bob: ['Everyone'] };
const groupsOf = (subject) => groups[subject] ?? ['Everyone'];
const redirectUris = setting('REDIRECT_URIS', 'http://localhost:27097/redirect').split(' ');

const server = http.createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const ownOrigin = `http://127.0.0.1:${server.address().port}`;
// What it calls itself: another address where something stands in front of it.
const origin = setting('PUBLIC_ORIGIN', ownOrigin);
const issuer = origin + base;

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const signingKey = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: crypto.randomUUID() };

const settings = JSON.parse(setting('CLIENT', '{}'));
if (settings.jwks_uri === 'here') settings.jwks_uri = `${ownOrigin}/client-keys`;
let clientKeys = '{"keys":[]}';

// Okta shows no consent page for an app that the organisation owns.
const policy = interactionPolicy.base();
const { checks } = policy.get('consent');
for (const check of [...checks]) checks.remove(check.reason);

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'gatepass',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
    redirect_uris: redirectUris,
    post_logout_redirect_uris: ['http://localhost:27097/signed-out'],
    ...settings,
  }],
  // The client's keys are on this very machine, where it would not look.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  jwks: { keys: [signingKey] },
  // Okta takes a sign-out by form post; this one only where its cookies go along from other sites.
  enableHttpPostMethods: true,
  cookies: { keys: [signingKey.kid], long: { sameSite: 'none' } },
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'groups'],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'], groups: ['groups'], acr: null, sid: null, auth_time: null, iss: null },
  conformIdTokenClaims: false,
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} Example`, preferred_username: id, email: `${id}@example.com`, groups: groupsOf(id) }),
  }),
  extraTokenClaims: (_ctx, token) => ({ cid: token.clientId, uid: token.accountId, groups: groupsOf(token.accountId), scp: [...(token.scopes ?? [])] }),
  interactions: { policy, url: (_ctx, interaction) => `${base}/interaction/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const { client, session, result } = ctx.oidc;
    const known = result?.consent?.grantId || session.grantIdFor(client.clientId);
    const grant = (known && await ctx.oidc.provider.Grant.find(known)) || new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(' '));
    grant.addResourceScope('api://default', [...ctx.oidc.requestParamScopes].join(' '));
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    dPoP: { enabled: true, nonceSecret: crypto.randomBytes(32), requireNonce: (ctx) => ctx.oidc.route === 'token' },
    pushedAuthorizationRequests: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeConfirmSource: (ctx, form) => { ctx.body = `${form}<button id="allow" form="op.deviceConfirmForm">Continue</button>`; },
      successSource: (ctx) => { ctx.body = '<p id="activated">Activated.</p>'; },
    },
    introspection: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => { ctx.body = `${form}<button id="sign-out" form="op.logoutForm" name="logout" value="yes">Sign out</button>`; },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'api://default',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'openid profile email groups offline_access',
        audience: 'api://default',
        accessTokenFormat: 'jwt',
        accessTokenTTL: Number(setting('ACCESS_TOKEN_SECONDS', '300')),
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  rotateRefreshToken: () => setting('ROTATE', '1') === '1',
  ttl: {
    AccessToken: Number(setting('ACCESS_TOKEN_SECONDS', '300')), AuthorizationCode: 300, IdToken: 3600,
    // No use of it puts its end off: a token that takes the place of another ends when that one would have.
    RefreshToken: (ctx) => ctx?.oidc.entities.RotatedRefreshToken?.remainingTTL ?? 86400,
    Grant: 86400, Interaction: 600, Session: 86400,
  },
  routes: {
    authorization: '/v1/authorize', token: '/v1/token', jwks: '/v1/keys', userinfo: '/v1/userinfo',
    revocation: '/v1/revoke', introspection: '/v1/introspect', end_session: '/v1/logout',
    pushed_authorization_request: '/v1/par', device_authorization: '/v1/device/authorize', code_verification: '/activate',
  },
});
// A spent refresh token that comes again takes the grant with it; nothing else here does, but for a sign-out.
const counts = { refreshed: 0, reused: 0, pushed: 0, introspected: 0 };
provider.on('pushed_authorization_request.success', () => { counts.pushed += 1; });
provider.on('grant.success', (ctx) => { if (ctx.oidc.params.grant_type === 'refresh_token') counts.refreshed += 1; });
provider.on('grant.error', (ctx, error) => { if (error.error_detail === 'refresh token already used') counts.reused += 1; });
provider.on('server_error', (_ctx, error) => console.error('server_error', error));

// oidc-provider refuses to revoke a JWT access token; Okta does it. Ours are remembered as revoked.
const publicKey = await importJWK({ kty: signingKey.kty, n: signingKey.n, e: signingKey.e }, 'RS256');
const isOurJwt = (token) => jwtVerify(token, publicKey, { issuer }).then(() => true, () => false);

// The tests' browser runs no script: it knows by this name which form to send at once.
provider.use(async (ctx, next) => {
  await next();
  const sendsItself = typeof ctx.body === 'string' && ctx.body.includes('document.forms[0].submit()');
  if (sendsItself && ctx.oidc?.route !== 'end_session') ctx.body = ctx.body.replace('<form ', '<form id="form-post" ');
  if (ctx.oidc?.route === 'introspection') counts.introspected += 1;
});

const formOf = async (request) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
};

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (request.url === '/counts') { response.setHeader('content-type', 'application/json').end(JSON.stringify(counts)); return; }
  if (request.url === '/client-keys') {
    if (request.method === 'POST') clientKeys = (await formOf(request)).get('keys') ?? clientKeys;
    response.setHeader('content-type', 'application/jwk-set+json').end(clientKeys);
    return;
  }
  if (!request.url.startsWith(base)) { response.writeHead(404).end(); return; }
  request.originalUrl = request.url;
  const url = new URL(request.url.slice(base.length) || '/', origin);

  if (url.pathname.startsWith('/interaction/')) {
    request.url = url.pathname;
    const { params } = await provider.interactionDetails(request, response);
    await provider.interactionFinished(request, response, { login: { accountId: params.login_hint ?? setting('PERSON', 'alice') } });
    return;
  }
  if (url.pathname === '/v1/revoke' && request.method === 'POST') {
    const form = await formOf(request);
    if (await isOurJwt(form.get('token') ?? '')) { response.writeHead(200).end(); return; }
    request.body = Object.fromEntries(form);
  }
  // OIDC Core section 11 wants a consent page before offline_access is granted; Okta shows none.
  if (url.pathname === '/v1/authorize' && !['prompt', 'request_uri'].some((name) => url.searchParams.has(name))) url.searchParams.set('prompt', 'consent');
  if (url.pathname === '/v1/par' && request.method === 'POST') {
    const form = await formOf(request);
    if (!form.has('prompt')) form.set('prompt', 'consent');
    request.body = Object.fromEntries(form);
  }
  request.url = url.pathname + url.search;
  request.originalUrl = base + request.url;
  answer(request, response);
});

process.stdin.on('end', () => process.exit(0)).resume();
console.log(`listens ${ownOrigin}`);
console.log(`ready ${issuer}`);
