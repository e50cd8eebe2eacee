/** A webhook receiver that does nothing but read: as fast as a receiver can be. */
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
// Longer than any pause between two rounds: connections are to stay open.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  serve({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: async () => server.closeAllConnections(),
    answers: { received: () => received },
  });
});
