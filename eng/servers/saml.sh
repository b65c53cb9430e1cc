# A SAML 2.0 identity provider (samlp): POST /login with user=reader and password=SAML_PASSWORD gives a page with a SAMLResponse for SAML_ACS,
# signed with the certificate and key in SAML_CERT and SAML_KEY (PEM files). Without them it answers 503.
modules=samlp programs=node
run() { exec node "$here/node/saml.js" "$1"; }
