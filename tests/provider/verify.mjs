// Verifies JWTs with jose, which we did not write. Standard input: a JSON list of { jwt, key, accessToken, … }: a `key` of
// null is the one in the JWT's own header, `accessToken` is the one that its `ath` is of, if there is one, and the rest is
// what jose is to demand (typ, algorithms, audience, issuer, subject, requiredClaims). Standard output: the list of
// { header, payload, thumbprint }. Fails with the first that is wrong.
import { createHash } from 'node:crypto';
import { EmbeddedJWK, calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';

let text = '';
for await (const chunk of process.stdin) text += chunk;

const verified = [];
for (const { jwt, key, accessToken, ...demanded } of JSON.parse(text)) {
  const given = key ? await importJWK(key, 'ES256') : EmbeddedJWK;
  const { payload, protectedHeader: header } = await jwtVerify(jwt, given, demanded);
  if (accessToken && payload.ath !== createHash('sha256').update(accessToken).digest('base64url')) throw new Error('ath is of another token');
  verified.push({ header, payload, thumbprint: await calculateJwkThumbprint(key ?? header.jwk) });
}
console.log(JSON.stringify(verified));
