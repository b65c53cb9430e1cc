// The JSON API of Google Cloud Storage on 127.0.0.1: the storage emulator of firebase-tools without its rules and its Java.
const { EmulatorRegistry } = require('firebase-tools/lib/emulator/registry');
const { StorageEmulator } = require('firebase-tools/lib/emulator/storage');
const { createApp } = require('firebase-tools/lib/emulator/storage/server');

const port = Number(process.argv[2]);
const emulator = new StorageEmulator({ projectId: 'test', host: '127.0.0.1', port, rules: [{ resource: 'test', rules: { name: 'storage.rules', content: '' } }] });
EmulatorRegistry.INSTANCES.set('storage', emulator); // where it looks up its own address
createApp('test', emulator).then(app => app.listen(port, '127.0.0.1', () => console.log('listening')));
