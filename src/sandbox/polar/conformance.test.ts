import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEVIATIONS, OTHER_ANSWERS } from "./testing/deviations.ts";
import { ABSENT, OpenApi, type Operation, operations, referenceIsHere } from "./testing/reference.ts";
import { type Linked, Receiver, startWorld, type World } from "./testing/world.ts";

/** Makes every call of Polar's OpenAPI document against a sandbox full of generated data. */

const NOT_SIMULATED = /-transactions/;
/** It lists data waiting in the deprecated transactions, which the sandbox does not have. */
const NOTIFICATIONS = "GET /v3/notifications";

/** How to fill in a path, and what to send with it. */
interface Recipe {
  path?: string;
  body?: object;
  client?: boolean;
  status?: number;
}

const name = ({ method, path }: Operation) => `${method} ${path}`;

describe.skipIf(!referenceIsHere)(`as Polar's OpenAPI says${referenceIsHere ? "" : ` (${ABSENT})`}`, () => {
  let world: World;
  let person: Linked;
  let receiver: Receiver;
  let exerciseId: string;
  beforeAll(async () => {
    [world, receiver] = await Promise.all([startWorld(), Receiver.start()]);
    person = await world.linked();
    await world.call(`/_sandbox/users/${person.id}/generate`, {
      method: "POST",
      body: { days: 9, notify: false },
    });
    const exercises = JSON.parse((await world.as(person, "/v3/exercises")).text) as { id: string }[];
    exerciseId = exercises[0]?.id ?? "";
    await world.put(person.id, `exercises/${exerciseId}/fit`, Buffer.from("fit"));
  });
  afterAll(() => Promise.all([world.close(), receiver.close()]));

  const webhook = () => ({ url: receiver.url, events: ["EXERCISE", "SLEEP"] });
  const range = "?from=2025-09-25&to=2025-10-02";
  const all = "?samples=true&zones=true&route=true&steps=true&activity_zones=true&inactivity_stamps=true";
  const webhookId = async () =>
    ((await world.asClient("/v3/webhooks")).json().data as { id: string }[])[0]?.id ?? "";

  const recipe = async (operation: Operation): Promise<Recipe> => {
    switch (name(operation)) {
      case "POST /v3/users": {
        person = await world.link(person.id);
        await world.as(person, `/v3/users/${person.id}`, { method: "DELETE" });
        person = await world.link(person.id);
        return { body: { "member-id": "conformance" } };
      }
      case "DELETE /v3/users/{user-id}":
        return { status: 204 };
      case NOTIFICATIONS:
        return { client: true, status: 204 };
      case "POST /v3/webhooks":
        return { client: true, body: webhook(), status: 201 };
      case "PATCH /v3/webhooks/{webhook-id}":
        return { client: true, body: webhook(), path: `/v3/webhooks/${await webhookId()}` };
      case "DELETE /v3/webhooks/{webhook-id}":
        return { client: true, path: `/v3/webhooks/${await webhookId()}`, status: 204 };
      default:
        if (operation.path.startsWith("/v3/webhooks")) return { client: true };
        return {
          path: `${filled(operation.path)}${/\/date$|continuous-heart-rate$/.test(operation.path) ? range : all}`,
        };
    }
  };

  const filled = (path: string) =>
    path
      .replace("{exerciseId}", exerciseId)
      .replace("{user-id}", String(person.id))
      .replace("{date}", "2025-10-01")
      .replace("{days}", "30")
      .replace("{months}", "2");

  const answered = async (operation: Operation) => {
    const { path = filled(operation.path), body, client, status = 200 } = await recipe(operation);
    const request = { method: operation.method, body };
    const accept = operation.path.endsWith("/fit") ? { headers: { Accept: "*/*" } } : {};
    const answer = await (client
      ? world.asClient(path, request)
      : world.as(person, path, { ...request, ...accept }));
    expect([name(operation), answer.status]).toEqual([name(operation), status]);
    return answer;
  };

  /** Sorts the calls: reads first, while all data is there; registration and DELETEs at the end. */
  const inOrder = () => {
    const weight = ({ method, path }: Operation) =>
      (method === "DELETE" ? 4 : 0) +
      (path === "/v3/users" ? 2 : 0) +
      (path === "/v3/webhooks" && method === "POST" ? -1 : 0);
    return operations()
      .filter(({ path }) => !NOT_SIMULATED.test(path))
      .sort((a, b) => weight(a) - weight(b));
  };

  test("every call answers with a documented status and body", async () => {
    const openApi = new OpenApi();
    const seen: string[] = [];
    for (const operation of inOrder()) {
      const answer = await answered(operation);
      const status = String(answer.status);
      expect(Object.keys(operation.responses)).toContain(status);
      const schema = OTHER_ANSWERS[name(operation)]?.schema ?? operation.responses[status];
      if (!schema) continue;
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      expect([name(operation), openApi.errors(schema, JSON.parse(answer.text))]).toEqual([
        name(operation),
        [],
      ]);
      seen.push(name(operation));
    }
    const described = inOrder().filter(({ responses }) => responses["200"] ?? responses["201"]);
    expect(seen).toEqual(described.map(name).filter((operation) => operation !== NOTIFICATIONS));
  });

  test("the deprecated transactions answer 410", async () => {
    const back = await world.linked();
    for (const { path, method } of operations().filter((operation) => NOT_SIMULATED.test(operation.path))) {
      expect([path, (await world.as(back, path.replaceAll(/\{[^}]*\}/g, "1"), { method })).status]).toEqual([
        path,
        410,
      ]);
    }
  });

  test.each(Object.entries(DEVIATIONS))("the deviation %s is needed", async (deviation) => {
    const back = await world.linked();
    await world.call(`/_sandbox/users/${back.id}/generate`, {
      method: "POST",
      body: { days: 9, notify: false },
    });
    const strict = new OpenApi(deviation);
    const answers = {
      exercisesHashId: `/v3/exercises${all}`,
      "cardio-load-schema": "/v3/users/cardio-load",
      "array-of-activity-summary-with-all-samples": `/v3/users/activities${all}`,
    };
    const errors: string[] = [];
    for (const [schema, path] of Object.entries(answers)) {
      errors.push(...strict.named(schema, JSON.parse((await world.as(back, path)).text)));
    }
    expect(errors).not.toEqual([]);
  });
});
