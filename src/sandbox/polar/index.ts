import type { AddressInfo } from "node:net";
import { buildApp } from "./app.ts";
import { Sandbox } from "./sandbox.ts";

export interface SandboxOptions {
  /** 127.0.0.1 unless said otherwise: the control side has no lock. */
  host?: string;
  /** 0 takes any free one. */
  port: number;
  clientId?: string;
  clientSecret?: string;
  /** Where its clock starts; the real time unless said otherwise. */
  now?: Date;
  /** Gets one line for each thing worth telling; without it the sandbox is silent. */
  log?: (line: string) => void;
}

export interface RunningSandbox {
  url: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

/** A Polar AccessLink of one's own, for users, demos and tests. README.md says what it does. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { clientId = "sandbox-client", clientSecret = "sandbox-secret", log = () => undefined } = options;
  const sandbox = new Sandbox({ clientId, clientSecret, log, ...(options.now && { now: options.now }) });
  const app = buildApp(sandbox);
  const host = options.host ?? "127.0.0.1";
  await app.listen({ host, port: options.port });
  const { address, family, port } = app.server.address() as AddressInfo;
  sandbox.url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  log(`Polar sandbox on ${sandbox.url}`);
  return {
    url: sandbox.url,
    clientId,
    clientSecret,
    async close() {
      await sandbox.sender.close();
      await app.close();
    },
  };
}
