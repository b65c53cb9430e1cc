# OpenSSH with SFTP. What it serves is the folder 'files'; 'user' says who may log in: with the keys in 'keys', or (only where we are
# root, who makes that user) with the password 'test-password'. Keys in 'keys': ed25519, ecdsa, rsa, and 'locked' with the passphrase 'test-passphrase'.
# SSHD_LINES adds lines to the configuration; SSHD_KEEP_HOST_KEY=no makes another host key.
packages=openssh-server programs='sshd ssh-keygen'
run() {
    local keys=$2/keys key
    mkdir -p "$keys" "$2/files"
    chmod 755 "$2"
    for key in ed25519 ecdsa rsa; do
        [ -f "$keys/$key" ] || ssh-keygen -q -t $key -N '' -C test -f "$keys/$key"
    done
    [ -f "$keys/locked" ] || ssh-keygen -q -t ed25519 -N test-passphrase -C test -f "$keys/locked"
    cat "$keys"/{ed25519,ecdsa,rsa,locked}.pub >"$2/authorized_keys"
    [ "${SSHD_KEEP_HOST_KEY-}" != no ] || rm -f "$2/host_key" "$2/host_key.pub"
    [ -f "$2/host_key" ] || ssh-keygen -q -t ed25519 -N '' -C host -f "$2/host_key"
    id -un >"$2/user"
    if [ "$(id -u)" -eq 0 ]; then
        mkdir -p /run/sshd
        id ingest-test >/dev/null 2>&1 || useradd --no-create-home --home-dir / --shell /bin/sh --password "$(openssl passwd -6 test-password)" ingest-test 2>/dev/null || id ingest-test >/dev/null
        echo ingest-test >"$2/user"
        chown ingest-test "$2/files"
    fi
    cat >"$2/sshd_config" <<END
Port $1
ListenAddress 127.0.0.1
HostKey $2/host_key
PidFile none
AuthorizedKeysFile $2/authorized_keys
StrictModes no
UsePAM $([ "$(id -u)" -eq 0 ] && echo yes || echo no)
KbdInteractiveAuthentication yes
MaxStartups 200
Subsystem sftp internal-sftp
${SSHD_LINES-}
END
    exec "$(command -v sshd)" -D -e -f "$2/sshd_config"
}
