/** The README's policy is sufficient and minimal, against a server with permissions. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MotoFacts, type MotoUser, mayDo, recipe } from "../../../test/servers/moto.ts";
import { isUnavailable, type RunningServer, useServer } from "../../../test/servers/server.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import type { Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import sqs from "./index.ts";
import { settings } from "./settings.ts";
import { makeQueue, type TestQueue } from "./target.ts";

const found = await useServer(recipe);
const readme = await readFile(path.join(import.meta.dirname, "README.md"), "utf8");

it("the README's policy is what the tests' user has", () => {
  const [, policy = ""] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(JSON.parse(policy).Statement).toMatchObject([{ Effect: "Allow", Action: mayDo.sender }]);
});

it("the README has every setting", () => {
  const [, section = ""] = /## Settings\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const named = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(settings.shape));
});

describe.skipIf(isUnavailable(found))("permissions on a queue", () => {
  const { facts } = found as RunningServer<MotoFacts>;
  const senders: Sender[] = [];
  let queue: TestQueue;

  beforeAll(async () => {
    queue = await makeQueue(facts.url, facts.users.admin);
  });
  afterAll(async () => {
    await Promise.all(senders.map((sender) => sender.close()));
    await queue.remove();
  });

  function connectAs(user: MotoUser, given: Record<string, unknown> = {}): Sender {
    const base = { queue_url: queue.url, region: facts.region, ...facts.users[user] };
    const sender = sqs.connect(parseSettings(sqs, { ...base, ...given }), openGuard);
    senders.push(sender);
    return sender;
  }

  it("are enough with the README's policy", async () => {
    const sender = connectAs("sender");
    await sender.check(deadline());
    await sender.deliver(dataEvent(), deadline());
  });

  it("to ask for the limit are not needed to deliver, nor to check where it is set", async () => {
    await connectAs("sender-who-may-not-ask").deliver(dataEvent(), deadline());
    await connectAs("sender-who-may-not-ask", { max_message_bytes: 262_144 }).check(deadline());
  });

  it("to send are missed by name when an event is delivered", async () => {
    const thrown = await failure(connectAs("reader").deliver(dataEvent(), deadline()));
    expect(thrown).toMatchObject({ code: "DESTINATION_PERMISSION_MISSING", retry: "later" });
    expect(thrown.details.reason).toMatch(/^sqs:SendMessage: AccessDenied/);
  });

  it("are of no use with a wrong secret", async () => {
    const sender = connectAs("sender", { secret_access_key: "wrong" });
    const refused = { code: "DESTINATION_CREDENTIALS_REFUSED", retry: "later" };
    expect(await failure(sender.check(deadline()))).toMatchObject(refused);
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(refused);
  });
});
