# mosquitto, an MQTT broker that keeps sessions over a restart. Anybody may come in unless MOSQUITTO_SETTINGS, lines of its configuration, say otherwise.
packages=mosquitto programs=mosquitto
run() {
    chmod 755 "$2"
    printf 'listener %s 127.0.0.1\npersistence true\npersistence_location %s/\nautosave_interval 1\nmax_queued_messages 100000\nlog_dest stderr\nlog_type warning\nlog_type error\nlog_type notice\nallow_anonymous true\n%s\n' \
        "$1" "$2" "${MOSQUITTO_SETTINGS-}" >"$2/mosquitto.conf"
    as_nobody "$2" mosquitto -c "$2/mosquitto.conf"
}
