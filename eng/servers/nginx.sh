# nginx that demands client certificates: set NGINX_TLS to a folder with server.pem, server.key and ca.pem (who may come in). Without it, plain HTTP.
packages=nginx-light programs=nginx
run() {
    mkdir -p "$2/tmp"
    if [ -n "${NGINX_TLS-}" ]; then
        listen="listen 127.0.0.1:$1 ssl; ssl_certificate $NGINX_TLS/server.pem; ssl_certificate_key $NGINX_TLS/server.key; ssl_client_certificate $NGINX_TLS/ca.pem; ssl_verify_client on; ssl_protocols ${NGINX_PROTOCOLS-TLSv1.2 TLSv1.3};"
    else
        listen="listen 127.0.0.1:$1;"
    fi
    cat >"$2/nginx.conf" <<CONF
worker_processes 1;
pid $2/nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $2/tmp; proxy_temp_path $2/tmp; fastcgi_temp_path $2/tmp; uwsgi_temp_path $2/tmp; scgi_temp_path $2/tmp;
    server { $listen location / { default_type text/plain; return 200 "\$ssl_client_s_dn"; } }
}
CONF
    exec nginx -e stderr -c "$2/nginx.conf" -g 'daemon off;'
}
