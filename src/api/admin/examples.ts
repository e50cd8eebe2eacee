/** Example payloads of each provider and type, and sending one to a destination. */
import { z } from "zod";
import { sendTestEvent } from "../../delivery/test-event.ts";
import { SystoleError } from "../../errors.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import type { Example } from "../../previews/previews.ts";
import { eventEnvelope } from "../../terra/envelope.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { destinationMissing, foundDestination } from "./destination-change.ts";
import { id, idParams } from "./parameters.ts";

const type = z.enum(dataTypes as [DataType, ...DataType[]]);
const exampleUser = "00000000-0000-4000-8000-000000000000";
const exampleReference = "systole-example";

export function exampleRoutes(app: Api, services: ApiServices): void {
  exampleRoute(app, services);
  testEventRoute(app, services);
}

function exampleRoute(app: Api, services: ApiServices): void {
  const answer = z.object({
    provider: z.string(),
    type: z.string(),
    payload: z.unknown().describe("As a destination gets it: the event with its user and one record"),
  });
  const schema = {
    tags: ["Admin: providers"],
    summary: "An example payload, made by the provider's normaliser from its sandbox's data",
    description: "EXAMPLE_MISSING where the provider has no such type, with the providers that have it.",
    params: z.object({ slug: z.string(), type }),
    response: { 200: answer },
  };
  app.get("/providers/:slug/examples/:type", { schema }, async (request, reply) => {
    const { slug, type } = request.params;
    const { body } = await exampleOf(services, slug, type);
    const head = JSON.stringify({ provider: slug, type });
    return reply.type("application/json; charset=utf-8").send(`${head.slice(0, -1)},"payload":${body}}`);
  });
}

function testEventRoute(app: Api, services: ApiServices): void {
  const answer = z.object({ event_id: id, delivery_id: id });
  const schema = {
    tags: ["Admin: destinations"],
    summary: "Send an example payload to a destination",
    description: `A real event with signature, attempts and outcome. Its user is ${exampleUser}, its reference_id ${exampleReference}: a destination that stores keeps it under these.`,
    params: idParams,
    body: z.strictObject({ provider: z.string(), type }),
    response: { 202: answer },
  };
  app.post("/destinations/:id/test-event", { schema }, async (request, reply) => {
    const target = { environmentId: environmentIdOf(request), destinationId: request.params.id };
    const { provider: slug, type } = request.body;
    const { active } = await foundDestination(services, target);
    if (!active) throw new SystoleError("DESTINATION_INACTIVE", { destination_id: target.destinationId });
    const { body, naturalKey } = await exampleOf(services, slug, type);
    const sent = await sendTestEvent(services.store, target, {
      type,
      userId: exampleUser,
      referenceId: exampleReference,
      provider: slug,
      records: [{ type, naturalKey, revision: 1 }],
      reference: null,
      traceId: request.id,
      body,
    });
    if (sent === null) return destinationMissing(target);
    const shown = { event_id: sent.eventId, delivery_id: sent.deliveryId };
    noteChange(request, { after: shown });
    return reply.code(202).send(shown);
  });
}

/** @throws SystoleError PROVIDER_UNKNOWN, EXAMPLE_MISSING */
async function exampleOf(
  { providers, previews }: ApiServices,
  slug: string,
  type: DataType,
): Promise<{ readonly body: string; readonly naturalKey: string }> {
  const provider = providers.find((one) => one.slug === slug);
  if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
  const example: Example | undefined = (await previews.of(provider)).get(type);
  if (example === undefined) {
    const having = providers.filter(({ dataTypes }) => dataTypes.includes(type)).map((one) => one.slug);
    throw new SystoleError("EXAMPLE_MISSING", { provider: slug, type, providers: having });
  }
  const user = {
    user_id: exampleUser,
    provider: provider.name,
    created_at: null,
    last_webhook_update: null,
    scopes: null,
    reference_id: exampleReference,
    active: true,
  };
  const { head, tail } = eventEnvelope(type, user);
  return { body: `${head}${JSON.stringify(example.record)}${tail}`, naturalKey: example.naturalKey };
}
