/** One address in front of several processes, which get the requests in turn. */
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";

export interface LoadBalancer {
  readonly url: string;
  /** The ports of the processes; may be changed at any time. */
  readonly ports: Set<number>;
  close(): Promise<void>;
}

export async function startLoadBalancer(): Promise<LoadBalancer> {
  const ports = new Set<number>();
  let turn = 0;
  const server = createServer((request, response) => {
    const port = [...ports][turn++ % ports.size];
    const { method, url, headers } = request;
    const onward = forward({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", (error) => response.writeHead(502).end(error.message));
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ports,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
