# RabbitMQ with a node and a port mapper of its own; user 'guest', password 'guest'. RABBITMQ_SETTINGS are lines for rabbitmq.conf.
packages=rabbitmq-server
for found in /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin; do PATH=$found:$PATH; done
programs='epmd erl rabbitmq-server'
run() {
    printf 'listeners.tcp.1 = 127.0.0.1:%s\nloopback_users = none\nlog.console = true\nlog.console.level = warning\nlog.file = false\n%s\n' "$1" "${RABBITMQ_SETTINGS-}" >"$2/rabbitmq.conf"
    printf '[].\n' | tee "$2/advanced.config" >"$2/enabled_plugins"
    mkdir -p "$2/home"
    # The node would start a port mapper that outlives it; one in the foreground ends with the process group.
    # shellcheck disable=SC2016 # expanded by the inner shell
    as_nobody "$2" env -i PATH="$PATH" HOME="$2/home" LANG=C.UTF-8 \
        ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT="$(free_port)" RABBITMQ_DIST_PORT="$(free_port)" RABBITMQ_NODENAME="test$1@localhost" \
        RABBITMQ_CONFIG_FILE="$2/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$2/advanced.config" RABBITMQ_ENABLED_PLUGINS_FILE="$2/enabled_plugins" \
        RABBITMQ_MNESIA_BASE="$2/data" RABBITMQ_LOG_BASE="$2/log" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$2/pid" RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +S 2:2 +sbwt none' \
        bash -c 'epmd & exec rabbitmq-server'
}
free_port() {
    local port
    while true; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
    done
}
