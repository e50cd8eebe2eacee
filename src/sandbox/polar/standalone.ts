/** Starts the Polar sandbox alone on a port. */
import { type StartOptions, startSandboxes } from "../start.ts";
import polar, { createPolar, type PolarClient, usualClient } from "./index.ts";

export interface SandboxOptions extends Omit<StartOptions, "plugins">, Partial<PolarClient> {}

export interface RunningSandbox extends PolarClient {
  readonly url: string;
  close(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { clientId = usualClient.clientId, clientSecret = usualClient.clientSecret, ...rest } = options;
  const client = { clientId, clientSecret };
  const plugin = {
    ...polar,
    create: (place: Parameters<typeof createPolar>[0]) => createPolar(place, client),
  };
  const { url, close } = await startSandboxes({ ...rest, plugins: [plugin] });
  return { url, ...client, close };
}
