# Google Cloud Storage by the storage part of the Firebase emulator: buckets are made by the first upload, nobody is asked who he is.
modules=firebase-tools programs=node
run() { exec node "$here/node/gcs.js" "$1"; }
