/** Environments: one for each app, or for testing and production of one. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { type Environment, insertEnvironment, listEnvironments } from "../../store/environments.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";

const tags = ["Admin: environments and keys"];

const environment = z.object({
  id: z.string(),
  dev_id: z.string(),
  name: z.string(),
  created_at: z.string(),
});

const shown = ({ environment_id, dev_id, name, created_at }: Environment): z.output<typeof environment> => ({
  id: environment_id,
  dev_id,
  name,
  created_at: created_at.toISOString(),
});

export function environmentRoutes(app: Api, { store }: ApiServices): void {
  const list = {
    tags,
    summary: "Every environment",
    response: { 200: z.object({ data: z.array(environment) }) },
  };
  app.get("/environments", { schema: list }, async () => ({
    data: (await listEnvironments(store.db)).map(shown),
  }));

  const create = {
    tags,
    summary: "Make an environment; it has no keys yet",
    body: z.object({
      dev_id: z.string().regex(/^[\w.-]{1,128}$/),
      name: z.string().min(1).max(200).optional(),
    }),
    response: { 201: environment },
  };
  app.post("/environments", { schema: create }, async (request, reply) => {
    const { dev_id: devId, name = devId } = request.body;
    const made = await insertEnvironment(store.db, { devId, name });
    if (made === null) {
      const fields = [{ in: "body", field: "dev_id", problem: "is already in use" }];
      throw new SystoleError("REQUEST_INVALID", { fields });
    }
    return reply.code(201).send(shown(made));
  });
}
