// An issuer of signed access tokens for tests of OAuth 2.0: oauth2.mjs PORT. It gives a token to everybody; its keys are at /jwks.
import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(Number(process.argv[2]), '127.0.0.1');
