/** Routes for environments: one for each app, or one for testing and one for production. */
import { z } from "zod";
import { readOrigin } from "../../connections/redirect-url.ts";
import { SystoleError } from "../../errors.ts";
import { type Brand, changeBrand, findBrand, listBrands } from "../../store/brands.ts";
import {
  changeEnvironment,
  type Environment,
  findEnvironment,
  insertEnvironment,
  listEnvironments,
} from "../../store/environments.ts";
import { retentionChoices } from "../../store/retention.ts";
import { stages } from "../../store/tables.ts";
import type { KeyCheck } from "../auth.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { brand, brandBody, showBrand } from "./brand.ts";

const tags = ["Admin: environments and keys"];

const stage = z
  .enum(stages)
  .describe("Decides the colour and the word by which the dashboard tells it apart");

const daysOf = (column: keyof typeof retentionChoices, text: string) => {
  const { min, max } = retentionChoices[column];
  return z.int().min(min).max(max).nullable().describe(text);
};

const retention = {
  keep_raw_days: daysOf("keep_raw_days", "Days that bodies of raw payloads are kept; null for ever"),
  keep_event_days: daysOf("keep_event_days", "Days that events are kept; null for 42"),
  keep_notification_days: daysOf("keep_notification_days", "Days that notifications are kept; null for 90"),
};

const environment = z.object({
  id: z.string(),
  dev_id: z.string(),
  name: z.string(),
  stage,
  redirect_origins: z
    .array(z.string())
    .nullable()
    .describe("Origins and app schemes to which browsers may be redirected; null allows every one"),
  fhir_birth_date: z.boolean().describe("Whether a FHIR Patient has the birth date that a record gives"),
  ...retention,
  brand,
  created_at: z.string(),
});

/** `https://app.example` or `myapp:`. */
const origins = z
  .array(
    z.string().transform((text, context) => {
      const origin = readOrigin(text);
      if (origin !== null) return origin;
      context.addIssue({ code: "custom", message: "is neither an origin nor an app's scheme" });
      return z.NEVER;
    }),
  )
  .max(100);

const shown = (
  { environment_id, created_at, ...columns }: Environment,
  ofEnvironment?: Brand,
): z.output<typeof environment> => ({
  id: environment_id,
  dev_id: columns.dev_id,
  name: columns.name,
  stage: columns.stage,
  redirect_origins: columns.redirect_origins,
  fhir_birth_date: columns.fhir_birth_date,
  keep_raw_days: columns.keep_raw_days,
  keep_event_days: columns.keep_event_days,
  keep_notification_days: columns.keep_notification_days,
  brand: showBrand(ofEnvironment),
  created_at: created_at.toISOString(),
});

export function environmentRoutes(app: Api, services: ApiServices, keys: KeyCheck): void {
  readAndMake(app, services);
  changeRoute(app, services, keys);
}

function readAndMake(app: Api, { store }: ApiServices): void {
  const list = {
    tags,
    summary: "Every environment",
    response: { 200: z.object({ data: z.array(environment) }) },
  };
  app.get("/environments", { schema: list }, async () => {
    const [environments, brands] = await Promise.all([listEnvironments(store.db), listBrands(store.db)]);
    return { data: environments.map((one) => shown(one, brands.get(one.environment_id))) };
  });

  const create = {
    tags,
    summary: "Make an environment; it has no keys yet",
    body: z.object({
      dev_id: z.string().regex(/^[\w.-]{1,128}$/),
      name: z.string().min(1).max(200).optional(),
      stage: stage.default("testing"),
    }),
    response: { 201: environment },
  };
  app.post("/environments", { schema: create }, async (request, reply) => {
    const { dev_id: devId, name = devId, stage } = request.body;
    const made = await insertEnvironment(store.db, { devId, name, stage });
    if (made === null) throw fieldInvalid("body", "dev_id", "is already in use");
    noteChange(request, { after: shown(made) });
    return reply.code(201).send(shown(made));
  });
}

function changeRoute(app: Api, { store: { db } }: ApiServices, keys: KeyCheck): void {
  const schema = {
    tags,
    summary: "Change an environment",
    params: z.object({ dev_id: z.string() }),
    body: z.strictObject({
      name: z.string().min(1).max(200).optional(),
      stage: stage.optional(),
      redirect_origins: origins
        .nullish()
        .describe(
          "`https://app.example` or `myapp:`; null allows every redirect, an empty list refuses every one",
        ),
      fhir_birth_date: z.boolean().optional(),
      keep_raw_days: retention.keep_raw_days.optional(),
      keep_event_days: retention.keep_event_days.optional(),
      keep_notification_days: retention.keep_notification_days.optional(),
      brand: brandBody.optional().describe("On the connect page; what is left out stays, null takes it away"),
    }),
    response: { 200: environment },
  };
  app.patch("/environments/:dev_id", { schema }, async (request) => {
    const { dev_id: devId } = request.params;
    const { brand: newBrand, ...change } = request.body;
    const before = await findEnvironment(db, devId);
    if (before === null) throw new SystoleError("RESOURCE_NOT_FOUND", { environment: devId });
    const { environment_id: id } = before;
    const formerBrand = await findBrand(db, id);
    if (newBrand !== undefined) await changeBrand(db, id, newBrand);
    const after = Object.keys(change).length === 0 ? before : await changeEnvironment(db, devId, change);
    if (after === null) throw new SystoleError("RESOURCE_NOT_FOUND", { environment: devId });
    keys.forgetAll();
    const changed = shown(after, await findBrand(db, id));
    noteChange(request, { before: shown(before, formerBrand), after: changed });
    return changed;
  });
}
