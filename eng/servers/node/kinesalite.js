// Kinesis on 127.0.0.1, its streams made and changed at once.
const kinesalite = require('kinesalite');

// A client that goes away in the middle of a request is the client's matter.
process.on('uncaughtException', error => {
  if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE' && error.message !== 'aborted') throw error;
});

kinesalite({ createStreamMs: 10, deleteStreamMs: 10, updateStreamMs: 10, shardLimit: 100 })
  .listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
