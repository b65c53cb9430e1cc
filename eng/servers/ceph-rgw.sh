# S3 by Ceph's RADOS gateway on a cluster in memory: access key 'test-access-key', secret 'test-secret-key', bucket names as paths.
# The port given is the gateway's; the others take what is free.
packages='radosgw ceph-mon ceph-osd ceph-mgr ceph-common' programs='radosgw radosgw-admin ceph-mon ceph-mgr ceph-osd ceph monmaptool'
run() {
    local port=$1 folder=$2 monitor fsid=4f6c1a52-0d1e-4b57-9a53-0c3a7b2f9d11
    monitor=$((20000 + RANDOM % 10000)) # below the ports that the system gives out
    while (exec 3<>"/dev/tcp/127.0.0.1/$monitor") 2>/dev/null; do monitor=$((monitor + 1)); done
    export CEPH_CONF=$folder/ceph.conf
    cat >"$CEPH_CONF" <<CONF
[global]
fsid = $fsid
mon_host = v1:127.0.0.1:$monitor
mon_initial_members = a
public_addr = 127.0.0.1
public_network = 127.0.0.0/8
ms_bind_msgr2 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
auth_allow_insecure_global_id_reclaim = true
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_memory_target = 939524096
mgr_initial_modules =
run_dir = $folder
admin_socket = $folder/\$name.asok
log_file = $folder/\$name.log
debug_ms = 0
[mon]
mon_data = $folder/mon
[mgr]
mgr_data = $folder/mgr
[osd]
osd_data = $folder/osd
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:$port
rgw_enable_usage_log = false
rgw_lifecycle_work_time = 00:00-00:01
CONF
    mkdir -p "$folder/mon" "$folder/mgr" "$folder/osd"
    monmaptool --create --clobber --addv a "[v1:127.0.0.1:$monitor]" --fsid $fsid "$folder/monmap"
    rm -rf "$folder/mon" && ceph-mon --mkfs -i a --monmap "$folder/monmap"
    ceph-mon -f -i a &
    ceph-mgr -f -i x &
    timeout 60 ceph osd new 6d5e9a0e-9b57-4f1c-8d3f-2f1f6f6b7c11
    ceph-osd -i 0 --mkfs --osd-uuid 6d5e9a0e-9b57-4f1c-8d3f-2f1f6f6b7c11
    # Now and then it asks the monitor before it has heard the cluster's id, and gives up ("wrong fsid").
    until ceph-osd -f -i 0; do sleep 0.2; done &
    radosgw-admin user create --uid=test --display-name=test --access-key=test-access-key --secret-key=test-secret-key >/dev/null
    radosgw -f -n client.rgw &
    wait -n
    return 1
}
