# Kinesis by kinesalite, in memory; signatures are not checked.
modules=kinesalite programs=node
run() { exec node "$here/node/kinesalite.js" "$1"; }
