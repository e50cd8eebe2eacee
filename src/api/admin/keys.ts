/** Routes for the API keys of an environment. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { type ApiKey, addApiKey, apiKeyId, listApiKeys, revokeApiKey } from "../../store/environments.ts";
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
});

const show = (apiKey: ApiKey): z.output<typeof shown> => ({
  id: apiKeyId(apiKey),
  label: apiKey.label,
  created_at: iso(apiKey.created_at),
  revoked_at: isoOrNull(apiKey.revoked_at),
});

export function keyRoutes(app: Api, { store }: ApiServices, keys: KeyCheck): void {
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
