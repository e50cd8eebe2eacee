/** A webhook receiver that only reads: as fast as a receiver can be. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "../support/serve.ts";

let received = 0;
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    received++;
    response.end("ok");
  });
});
// Longer than any pause between two rounds, so that connections stay open.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  serve({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: async () => server.closeAllConnections(),
    answers: { received: () => received },
  });
});
