# vsftpd, which serves the folder 'files' to the user in 'user': 'ingest-test' with the password 'test-password' (only where we are
# root, who makes that user), else 'anonymous'. VSFTPD_TLS=explicit or implicit encrypts, with the certificate 'certificate.pem' for
# localhost and 127.0.0.1; VSFTPD_LINES adds lines to the configuration.
packages=vsftpd programs='vsftpd openssl'
run() {
    mkdir -p "$2/files"
    chmod 755 "$2"
    [ -f "$2/certificate.pem" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$2/key.pem" -out "$2/certificate.pem" 2>/dev/null
    if [ "$(id -u)" -eq 0 ]; then
        mkdir -p /var/run/vsftpd/empty
        id ingest-test >/dev/null 2>&1 || useradd --no-create-home --home-dir / --shell /bin/sh --password "$(openssl passwd -6 test-password)" ingest-test 2>/dev/null || id ingest-test >/dev/null
        echo ingest-test >"$2/user"
        chown ingest-test "$2/files"
        printf '%s\n' local_enable=YES anonymous_enable=NO pam_service_name=vsftpd "local_root=$2/files" >"$2/vsftpd.conf"
    else
        echo anonymous >"$2/user"
        printf '%s\n' run_as_launching_user=YES anonymous_enable=YES no_anon_password=YES "anon_root=$2/files" >"$2/vsftpd.conf"
    fi
    cat >>"$2/vsftpd.conf" <<END
listen=YES
listen_address=127.0.0.1
listen_port=$1
background=NO
write_enable=YES
seccomp_sandbox=NO
xferlog_enable=NO
utf8_filesystem=YES
pasv_address=192.0.2.1
rsa_cert_file=$2/certificate.pem
rsa_private_key_file=$2/key.pem
ssl_enable=$([ -n "${VSFTPD_TLS-}" ] && echo YES || echo NO)
implicit_ssl=$([ "${VSFTPD_TLS-}" = implicit ] && echo YES || echo NO)
require_ssl_reuse=YES
force_local_data_ssl=YES
force_local_logins_ssl=YES
ssl_ciphers=HIGH
${VSFTPD_LINES-}
END
    exec "$(command -v vsftpd)" "$2/vsftpd.conf"
}
