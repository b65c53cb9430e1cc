# oidc-provider: a certified OpenID provider with client credentials, PKCE, device codes and rotating refresh tokens; see node/oidc.mjs.
programs=node modules='oidc-provider express'
run() { cd "$here/node" && exec node oidc.mjs "$1"; }
