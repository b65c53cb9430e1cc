# Redis, without persistence.
packages=redis-server programs=redis-server
run() { exec redis-server --bind 127.0.0.1 --port "$1" --dir "$2" --save '' --appendonly no; }
