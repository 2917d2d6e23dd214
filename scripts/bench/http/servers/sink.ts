// Where the http target and the hand-written route post to: takes everything and answers at once. Counts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let taken = 0;
const server = createServer((request, response) => {
  if (request.method === 'GET') response.end(String(taken));
  else {
    request.resume().on('end', () => {
      taken += 1;
      response.writeHead(202, { 'content-length': 0 }).end();
    });
  }
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
process.on('SIGTERM', () => process.exit(0));
