// A SAML identity provider for tests: node saml.js PORT, with SAML_CERT, SAML_KEY, SAML_ACS, SAML_AUDIENCE and SAML_PASSWORD in the environment.
const fs = require('fs');
const express = require('express');
const samlp = require('samlp');

const { SAML_CERT, SAML_KEY, SAML_ACS, SAML_AUDIENCE, SAML_PASSWORD, SAML_SIGN } = process.env;
const app = express();
app.use(express.urlencoded({ extended: false }));
app.post('/login', (request, response, next) => {
  if (!SAML_CERT) return response.status(503).send('SAML_CERT and SAML_KEY are not set');
  if (request.body.user !== 'reader' || request.body.password !== SAML_PASSWORD) return response.status(403).send('wrong password');
  request.user = { id: 'reader', emails: [{ value: 'reader@example.com' }], displayName: 'Reader', name: { givenName: 'R', familyName: 'Eader' } };
  return samlp.auth({
    issuer: 'urn:test:idp',
    audience: SAML_AUDIENCE,
    recipient: SAML_ACS,
    destination: SAML_ACS,
    cert: fs.readFileSync(SAML_CERT),
    key: fs.readFileSync(SAML_KEY),
    signAssertion: SAML_SIGN !== 'response',
    signResponse: SAML_SIGN === 'response',
    getPostURL: (audience, dom, req, callback) => callback(null, SAML_ACS),
  })(request, response, next);
});
app.listen(Number(process.argv[2]), '127.0.0.1');
