/** Routes for trying Systole with a sandbox: its people are connected and their watches synced by a click. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { noteChange } from "./auditing.ts";
import { userParams } from "./users.ts";

const tags = ["Admin: sandbox"];
/** Making a month of data takes a second or two. */
const sandboxMs = 30_000;

export function sandboxRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  connectRoute(app, services);
  syncRoute(app, services);
}

function listRoute(app: Api, { sandbox }: ApiServices): void {
  const provider = z.object({ provider: z.string(), slug: z.string(), name: z.string() });
  const schema = {
    tags,
    summary: "The providers that a sandbox plays in this environment at this moment",
    response: { 200: z.object({ data: z.array(provider) }) },
  };
  app.get("/sandbox", { schema }, async (request) => {
    const played = await sandbox.list(environmentIdOf(request), AbortSignal.timeout(sandboxMs));
    return {
      data: played.map(({ name, slug, displayName }) => ({ provider: name, slug, name: displayName })),
    };
  });
}

function connectRoute(app: Api, { sandbox }: ApiServices): void {
  const schema = {
    tags,
    summary: "Make a person at the sandbox and connect them, as if they had opened a link and agreed",
    body: z.strictObject({
      reference_id: z.string().min(1).max(512).describe("Your own id of the person"),
      provider: z.string().max(64).nullish().describe("Its slug; the first that a sandbox plays when absent"),
    }),
    response: { 201: z.object({ user_id: z.string(), reference_id: z.string(), provider: z.string() }) },
  };
  app.post("/sandbox/people", { schema }, async (request, reply) => {
    const environmentId = environmentIdOf(request);
    const { reference_id: referenceId, provider: wanted } = request.body;
    const signal = AbortSignal.timeout(sandboxMs);
    const provider = wanted ?? (await sandbox.list(environmentId, signal))[0]?.slug;
    if (provider === undefined) throw new SystoleError("SANDBOX_MISSING");
    const userId = await sandbox.connect({ environmentId, provider, referenceId, signal });
    const made = { user_id: userId, reference_id: referenceId, provider };
    noteChange(request, { after: made });
    return reply.code(201).send(made);
  });
}

function syncRoute(app: Api, { sandbox, store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Sync the watch of a sandbox's person",
    description:
      "The sandbox makes plausible data of the last days and notifies, as the provider would. SANDBOX_MISSING for a person of a real provider.",
    params: userParams,
    body: z.strictObject({
      days: z.int().min(1).max(365).default(28).describe("Up to now"),
      seed: z.int().nullish().describe("The same seed makes the same data; other data each time when absent"),
    }),
    response: { 200: z.object({ stored: z.record(z.string(), z.int()).describe("Bodies by resource") }) },
  };
  app.post("/users/:id/sync-watch", { schema }, async (request) => {
    const { days, seed = null } = request.body;
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const signal = AbortSignal.timeout(sandboxMs);
    const stored = await sandbox.syncWatch(connection, { days, seed, signal });
    noteChange(request, { after: { stored } });
    return { stored };
  });
}
