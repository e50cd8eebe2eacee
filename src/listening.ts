/** The ports and addresses on which the HTTP servers listen. */
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Config } from "./config.ts";
import { SystoleError } from "./errors.ts";

/** Listens until the stack is disposed. @throws SystoleError PORT_IN_USE, CONFIG_INVALID */
export async function listen(
  app: FastifyInstance,
  { host, port, variable }: { readonly host: string; readonly port: number; readonly variable: string },
  opened: AsyncDisposableStack,
): Promise<void> {
  opened.defer(() => app.close());
  await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    throw portError(cause, port, variable);
  });
}

/** Returns a host as a URL has it: IPv6 in brackets. */
export const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/**
 * Returns the configured port, or any free one for 0.
 * @throws SystoleError PORT_IN_USE, CONFIG_INVALID
 */
export function usablePort({ SYSTOLE_HOST: host, SYSTOLE_PORT: wanted }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause: NodeJS.ErrnoException) => reject(portError(cause, wanted, "SYSTOLE_PORT")));
    probe.listen({ host, port: wanted }, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** @param variable the setting that names the port */
function portError(cause: NodeJS.ErrnoException, port: number, variable: string): Error {
  if (cause.code === "EADDRINUSE") return new SystoleError("PORT_IN_USE", { port, variable }, { cause });
  if (cause.code === "EACCES" || cause.code === "EADDRNOTAVAIL") {
    return new SystoleError(
      "CONFIG_INVALID",
      { variables: [`${variable} and its host: ${cause.message}`] },
      { cause },
    );
  }
  return cause;
}
