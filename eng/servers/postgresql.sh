# PostgreSQL with logical replication; user 'postgres', password 'postgres', TLS off. It refuses to run as root.
packages=postgresql programs=psql
for found in /usr/lib/postgresql/*/bin; do PATH=$found:$PATH; done
programs='initdb postgres psql'
run() {
    printf postgres >"$2/password"
    chmod 755 "$2" && chmod 644 "$2/password"
    # shellcheck disable=SC2016 # expanded by the inner shell
    as_nobody "$2" bash -c '
        [ -d "$2/data" ] || initdb -D "$2/data" -U postgres --pwfile="$2/password" --auth=scram-sha-256 -E UTF8 --locale=C >/dev/null
        exec postgres -D "$2/data" -h 127.0.0.1 -p "$1" -k "$2" -c wal_level=logical -c max_wal_senders=20 -c max_replication_slots=20 -c fsync=off -c max_connections=300
    ' run "$1" "$2"
}
