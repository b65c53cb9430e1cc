// An OpenID provider for tests of OAuth 2.0: oidc.mjs PORT. It consents to everything by itself, in the name of 'someone'.
// OIDC_JWKS holds the public keys of the client 'signer'. /data answers to who brings a token that is good.
import express from 'express';
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const scope = 'openid offline_access prices';

const provider = new Provider(issuer, {
  clients: [
    { client_id: 'machine', client_secret: 'machine: secret/+', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'prices' },
    { client_id: 'in-body', client_secret: 'in-body-secret', token_endpoint_auth_method: 'client_secret_post', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'prices' },
    ...(process.env.OIDC_JWKS ? [{
      client_id: 'signer', token_endpoint_auth_method: 'private_key_jwt', jwks: JSON.parse(process.env.OIDC_JWKS), grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'prices',
    }] : []),
    { client_id: 'native', application_type: 'native', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token', device], redirect_uris: ['http://127.0.0.1/callback'], response_types: ['code'], scope },
  ],
  scopes: ['openid', 'offline_access', 'prices', 'orders'],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false }, deviceFlow: { enabled: true }, introspection: { enabled: true } },
  pkce: { required: () => true },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: 3600, ClientCredentials: 3600, RefreshToken: 86400, Session: 3600, Grant: 86400, Interaction: 600, DeviceCode: 600 },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/consent/${interaction.uid}` },
  cookies: { keys: ['tests'] },
});

const app = express();
app.get('/consent/:uid', async (request, response, next) => {
  try {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      await provider.interactionFinished(request, response, { login: { accountId: 'someone' } });
      return;
    }
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  } catch (fault) {
    next(fault);
  }
});
app.get('/data', async (request, response) => {
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  response.status(found ? 200 : 401).json({ client: found?.clientId, account: found?.accountId, scope: found?.scope });
});
app.use(provider.callback());
app.listen(port, '127.0.0.1');
