# MariaDB; user 'root', password 'mariadb', over TCP. TLS only with MARIADB_ARGUMENTS.
packages=mariadb-server programs='mariadbd mariadb-install-db'
run() {
    # shellcheck disable=SC2016,SC2086 # expanded by the inner shell; several arguments
    as_nobody "$2" bash -c '
        [ -d "$2/data" ] || mariadb-install-db --no-defaults --datadir="$2/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
        printf "%s\n" "CREATE OR REPLACE USER root@127.0.0.1 IDENTIFIED BY \"mariadb\";" "GRANT ALL ON *.* TO root@127.0.0.1 WITH GRANT OPTION;" >"$2/init.sql"
        exec mariadbd --no-defaults --datadir="$2/data" --init-file="$2/init.sql" --skip-name-resolve --bind-address=127.0.0.1 --port="$1" --socket="$2/mariadb.sock" \
            --pid-file="$2/mariadb.pid" --innodb-flush-log-at-trx-commit=0 --max-connections=300 ${MARIADB_ARGUMENTS-}
    ' run "$1" "$2"
}
