# Kusto's own language service: says what is wrong with a query. It runs none.
modules=@kusto/language-service-next programs=node
run() { exec node "$here/node/kusto.js" "$1"; }
