/** Polar as a kept database's open tasks need it: it knows the workouts they are about, takes any token, and has no more. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface KeptProvider {
  readonly url: string;
  close(): Promise<void>;
}

const token = { access_token: "a", refresh_token: "r", token_type: "bearer", expires_in: 3_600 };

export async function startKeptProvider(exercises: Readonly<Record<string, unknown>>): Promise<KeptProvider> {
  const server = createServer((request, response) => {
    request.resume();
    const { pathname } = new URL(request.url ?? "", "http://polar");
    const json = (code: number, body: unknown) =>
      response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.method === "POST") return json(200, token);
    const exercise = exercises[/^\/v3\/exercises\/(\w+)$/.exec(pathname)?.[1] ?? ""];
    if (exercise !== undefined) return json(200, exercise);
    return pathname === "/v3/exercises" ? json(200, []) : response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
