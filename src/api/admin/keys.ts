/** Routes for the API keys of an environment. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import {
  type ApiKey,
  addApiKey,
  apiKeyId,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from "../../store/environments.ts";
import { environmentIdOf, type KeyCheck } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { iso, isoOrNull, noContent, time } from "./parameters.ts";

const tags = ["Admin: environments and keys"];

const shown = z.object({
  id: z.string().describe("The beginning of the key's hash"),
  label: z.string(),
  created_at: time,
  revoked_at: time.nullable(),
  expires_at: time.nullable().describe("The end of a key that was rotated; it is refused from then on"),
});

const show = (apiKey: ApiKey): z.output<typeof shown> => ({
  id: apiKeyId(apiKey),
  label: apiKey.label,
  created_at: iso(apiKey.created_at),
  revoked_at: isoOrNull(apiKey.revoked_at),
  expires_at: isoOrNull(apiKey.expires_at),
});

export function keyRoutes(app: Api, services: ApiServices, keys: KeyCheck): void {
  listAndMake(app, services);
  rotateRoute(app, services, keys);
  revokeRoute(app, services, keys);
}

function listAndMake(app: Api, { store }: ApiServices): void {
  const list = { tags, summary: "Every key", response: { 200: z.object({ data: z.array(shown) }) } };
  app.get("/keys", { schema: list }, async (request) => ({
    data: (await listApiKeys(store.db, environmentIdOf(request))).map(show),
  }));

  const create = {
    tags,
    summary: "Make a key",
    description: "Only this answer contains the key itself.",
    body: z.object({ label: z.string().min(1).max(200).default("key") }).nullish(),
    response: { 201: shown.extend({ key: z.string() }) },
  };
  app.post("/keys", { schema: create }, async (request, reply) => {
    const label = request.body?.label ?? "key";
    const { key, apiKey } = await addApiKey(store.db, environmentIdOf(request), { label });
    noteChange(request, { after: show(apiKey) });
    return reply.code(201).send({ ...show(apiKey), key });
  });
}

const usualSeconds = 86_400;
const longestSeconds = 30 * 86_400;

function rotateRoute(app: Api, { store: { db } }: ApiServices, keys: KeyCheck): void {
  const schema = {
    tags,
    summary: "Rotate a key: make its successor, and let the former one end after a while",
    description: "Both are valid until then. Only this answer contains the new key.",
    params: z.object({ id: z.string() }),
    body: z
      .strictObject({
        valid_for_seconds: z
          .int()
          .min(0)
          .max(longestSeconds)
          .default(usualSeconds)
          .describe("The time for which the former key is still valid. 0: it ends at once"),
      })
      .nullish(),
    response: { 201: shown.extend({ key: z.string(), former: shown }) },
  };
  app.post("/keys/:id/rotate", { schema }, async (request, reply) => {
    const { id: keyId } = request.params;
    const validSeconds = request.body?.valid_for_seconds ?? usualSeconds;
    const environmentId = environmentIdOf(request);
    const rotated = await rotateApiKey(db, environmentId, { keyId, validSeconds });
    if (rotated === null) throw new SystoleError("RESOURCE_NOT_FOUND", { key_id: keyId });
    keys.forgetAll();
    const [successor, former] = [show(rotated.successor), show(rotated.former)];
    noteChange(request, { before: former, after: successor });
    return reply.code(201).send({ ...successor, key: rotated.key, former });
  });
}

function revokeRoute(app: Api, { store }: ApiServices, keys: KeyCheck): void {
  const revoke = {
    tags,
    summary: "Revoke a key, at once",
    params: z.object({ id: z.string() }),
    response: noContent,
  };
  app.delete("/keys/:id", { schema: revoke }, async (request, reply) => {
    const revoked = await revokeApiKey(store.db, environmentIdOf(request), request.params.id);
    if (!revoked) throw new SystoleError("RESOURCE_NOT_FOUND", { key_id: request.params.id });
    keys.forgetAll();
    return reply.code(204).send();
  });
}
