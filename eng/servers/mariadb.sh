# MariaDB; user 'root', password 'mariadb', over TCP. TLS off, unless MARIADB_TLS names a folder with server.crt and
# server.key.
packages=mariadb-server programs='mariadbd mariadb-install-db'
run() {
    if [ -n "${MARIADB_TLS-}" ]; then
        cp "$MARIADB_TLS/server.crt" "$MARIADB_TLS/server.key" "$2"
    fi
    # shellcheck disable=SC2016 # expanded by the inner shell
    as_nobody "$2" bash -c '
        [ -d "$2/data" ] || mariadb-install-db --no-defaults --datadir="$2/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
        printf "%s\n" "CREATE OR REPLACE USER root@127.0.0.1 IDENTIFIED BY \"mariadb\";" "GRANT ALL ON *.* TO root@127.0.0.1 WITH GRANT OPTION;" >"$2/init.sql"
        tls=()
        [ -z "${MARIADB_TLS-}" ] || tls=(--ssl-cert="$2/server.crt" --ssl-key="$2/server.key")
        exec mariadbd --no-defaults --datadir="$2/data" --init-file="$2/init.sql" --skip-name-resolve --bind-address=127.0.0.1 --port="$1" --socket="$2/mariadb.sock" \
            --pid-file="$2/mariadb.pid" --innodb-flush-log-at-trx-commit=0 --max-connections=300 "${tls[@]}"
    ' run "$1" "$2"
}
