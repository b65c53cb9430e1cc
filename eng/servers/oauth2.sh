# oauth2-mock-server: OAuth 2.0 with signed access tokens, for everybody.
programs=node modules=oauth2-mock-server
run() { cd "$here/node" && exec node oauth2.mjs "$1"; }
