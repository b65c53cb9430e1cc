# PostgreSQL with logical replication; user 'postgres', password 'postgres'. TLS off, unless POSTGRES_TLS names a folder with
# server.crt and server.key. It refuses to run as root.
packages=postgresql programs=psql
for found in /usr/lib/postgresql/*/bin; do PATH=$found:$PATH; done
programs='initdb postgres psql'
run() {
    printf postgres >"$2/password"
    chmod 755 "$2" && chmod 644 "$2/password"
    if [ -n "${POSTGRES_TLS-}" ]; then
        cp "$POSTGRES_TLS/server.crt" "$POSTGRES_TLS/server.key" "$2" && chmod 600 "$2/server.key"
    fi
    # shellcheck disable=SC2016 # expanded by the inner shell
    as_nobody "$2" bash -c '
        [ -d "$2/data" ] || initdb -D "$2/data" -U postgres --pwfile="$2/password" --auth=scram-sha-256 -E UTF8 --locale=C >/dev/null
        tls=()
        [ -z "${POSTGRES_TLS-}" ] || tls=(-c ssl=on -c ssl_cert_file="$2/server.crt" -c ssl_key_file="$2/server.key")
        exec postgres -D "$2/data" -h 127.0.0.1 -p "$1" -k "$2" -c wal_level=logical -c max_wal_senders=20 -c max_replication_slots=20 -c fsync=off -c max_connections=300 "${tls[@]}"
    ' run "$1" "$2"
}
