# Redis, without persistence unless REDIS_ARGUMENTS say otherwise.
packages=redis-server programs=redis-server
# shellcheck disable=SC2086 # several arguments
run() { exec redis-server --bind 127.0.0.1 --port "$1" --dir "$2" --save '' --appendonly no ${REDIS_ARGUMENTS-}; }
