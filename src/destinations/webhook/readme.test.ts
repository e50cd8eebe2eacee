/** Runs the code of README.md against a real delivery. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ReceivedRequest, type Receiver, startReceiver } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import webhook from "./index.ts";
import { newWebhookSecret } from "./signing.ts";

const here = import.meta.dirname;
const readme = await readFile(path.join(here, "README.md"), "utf8");
const snippets = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code ?? "");
/** The folder in which the snippets find the packages they import. */
const directory = await mkdtemp(path.join(here, "../../../node_modules/.readme-"));
const secret = newWebhookSecret();

type Verify = (rawBody: Buffer | string, headers: object, secret: string) => boolean | Promise<boolean>;

let receiver: Receiver;
let request: ReceivedRequest;
beforeAll(async () => {
  receiver = await startReceiver();
  const sender = webhook.connect({ url: receiver.url, secret }, createAddressGuard({ allowPrivate: true }));
  await sender.deliver(dataEvent(), AbortSignal.timeout(8_000));
  await sender.close();
  [request] = (await receiver.received(1)) as [ReceivedRequest];
});
afterAll(async () => {
  await receiver.close();
  await rm(directory, { recursive: true, force: true });
});

describe("the README's code", () => {
  it("is three snippets", () => {
    expect(snippets).toHaveLength(3);
  });

  it.each(snippets.map((code, number) => [number, code] as const))("verifies (%i)", async (number, code) => {
    const file = path.join(directory, `${number}.mjs`);
    await writeFile(file, code);
    const { isGenuine } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      isGenuine: Verify;
    };
    const body = request.body.toString("utf8");
    expect(await isGenuine(body, request.headers, secret)).toBe(true);
    expect(await isGenuine(`${body} `, request.headers, secret)).toBe(false);
    expect(await isGenuine(body, request.headers, newWebhookSecret())).toBe(false);
  });
});
