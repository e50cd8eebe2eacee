/** Routes for a provider's probe: its checks, and the result of one of them for one user. */
import { z } from "zod";
import { checksOf } from "../../connections/probe.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { userParams } from "./users.ts";

const tags = ["Admin: users"];

const check = z.object({
  name: z.string(),
  title: z.string(),
  option: z
    .object({ name: z.string(), changes: z.string() })
    .nullable()
    .describe("Set where the check changes something at the provider"),
});

const finding = z.object({
  request: z.string().nullable(),
  status: z.int().nullable(),
  shape: z.array(z.string()).describe("The body's keys and the kinds of their values; never a value"),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  verdict: z.string(),
});

export function probeRoutes(app: Api, { store, runCheck }: ApiServices): void {
  const list = {
    tags,
    summary: "The checks of the probe of a user's provider",
    params: userParams,
    response: { 200: z.object({ provider: z.string(), data: z.array(check) }) },
  };
  app.get("/users/:id/probe", { schema: list }, async (request) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const data = checksOf(connection).map(({ name, title, option = null }) => ({ name, title, option }));
    return { provider: connection.provider, data };
  });
  const run = {
    tags,
    summary: "Run one check of the probe against a user's account",
    description:
      "Asks the provider with the user's own token, within its limits, and returns what was found without personal values. Nothing changes at the provider, unless the check has an option, which must then be given.",
    params: userParams,
    body: z.strictObject({
      check: z.string().max(64),
      options: z.array(z.string().max(64)).max(16).default([]),
    }),
    response: {
      200: z.object({
        findings: z.array(finding),
        error: z.string().nullable().describe("The code of the error that ended the check"),
      }),
    },
  };
  app.post("/users/:id/probe", { schema: run }, async (request) => {
    const { check: name, options } = request.body;
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const { findings, error } = await runCheck(connection, { name, options });
    return {
      findings: findings.map((one) => ({ ...one, shape: [...one.shape], facts: { ...one.facts } })),
      error,
    };
  });
}
