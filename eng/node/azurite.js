// Runs Azurite until standard input closes, so that it never outlives the process that started it,
// and leaves through its own signal handler, which writes its data to disk first.
'use strict';
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
// Standard input alone must not keep a process alive whose servers have closed.
process.stdin.unref?.();
require('azurite/dist/src/azurite.js');
