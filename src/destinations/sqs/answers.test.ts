/** The meaning of AWS's answers, by a server that answers as AWS does. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent, newUser, type TestEvent } from "../conformance/events.ts";
import { DeliveryError, type SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import sqs from "./index.ts";

interface Answer {
  readonly status?: number;
  readonly body: object | string;
}
interface Asked {
  readonly action: string;
  readonly entries: readonly {
    readonly Id: string;
    readonly MessageBody: string;
    readonly MessageGroupId?: string;
  }[];
}

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A sender to a queue whose server gives this answer. */
async function connect(
  answer: (asked: Asked) => Answer,
  given: Record<string, unknown> = {},
  name = "events",
) {
  const asked: Asked[] = [];
  server = createServer(async (request, response) => {
    const { Entries = [] } = (await json(request)) as { Entries?: Asked["entries"] };
    const one = {
      action: String(request.headers["x-amz-target"]).replace("AmazonSQS.", ""),
      entries: Entries,
    };
    asked.push(one);
    const { status = 200, body } = answer(one);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const settings = {
    queue_url: `http://127.0.0.1:${port}/123456789012/${name}`,
    region: "us-east-1",
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    secret_access_key: "very-secret",
    max_message_bytes: 100_000,
    ...given,
  };
  return { sender: sqs.connect(parseSettings(sqs, settings), openGuard), asked };
}

const refusal = (type: string, message: string, status = 400): Answer => ({
  status,
  body: { __type: `com.amazonaws.sqs#${type}`, message },
});
const failing = (entries: Asked["entries"], fails: (index: number) => object | null): Answer => {
  const failed = entries.map(({ Id }, index) => ({ Id, failure: fails(index) }));
  return {
    body: {
      Successful: failed.filter((one) => one.failure === null).map(({ Id }) => ({ Id, MessageId: "m" })),
      Failed: failed.filter((one) => one.failure !== null).map(({ Id, failure }) => ({ Id, ...failure })),
    },
  };
};
const user = "User: arn:aws:iam::123456789012:user/systole is not authorized to perform";

describe("an answer of SQS", () => {
  it.each([
    [
      "AccessDenied",
      `${user}: sqs:sendmessage on resource: x`,
      403,
      "DESTINATION_PERMISSION_MISSING",
      "sqs:SendMessage: ",
    ],
    [
      "AccessDeniedException",
      `${user}: sqs:sendmessage`,
      400,
      "DESTINATION_PERMISSION_MISSING",
      "sqs:SendMessage: ",
    ],
    [
      "KmsAccessDenied",
      `${user}: kms:GenerateDataKey on the key`,
      400,
      "DESTINATION_PERMISSION_MISSING",
      "kms:GenerateDataKey: ",
    ],
    [
      "InvalidClientTokenId",
      "The security token is invalid",
      403,
      "DESTINATION_CREDENTIALS_REFUSED",
      "InvalidClientTokenId",
    ],
    [
      "SignatureDoesNotMatch",
      "The signature does not match",
      403,
      "DESTINATION_CREDENTIALS_REFUSED",
      "SignatureDoesNotMatch",
    ],
    ["QueueDoesNotExist", "The queue does not exist", 400, "DESTINATION_TARGET_MISSING", "QueueDoesNotExist"],
    ["RequestThrottled", "Rate exceeded", 400, "DELIVERY_FAILED", "RequestThrottled"],
    ["KmsDisabled", "The key is disabled", 400, "DELIVERY_FAILED", "KmsDisabled"],
    ["InternalFailure", "", 500, "DELIVERY_FAILED", "InternalFailure"],
  ])("that says %s is tried again later, by its name", async (type, message, status, code, reason) => {
    const { sender } = await connect(() => refusal(type, message, status));
    const thrown = await failure(sender.deliver(dataEvent(), deadline()));
    expect(thrown).toMatchObject({ code, retry: "later" });
    expect(String(thrown.details.reason).startsWith(reason)).toBe(true);
    const outcomes = await sender.deliverBatch?.([dataEvent(), dataEvent()], deadline());
    expect(outcomes).toMatchObject([{ code }, { code }]);
  });

  it("that is none of SQS is tried again later", async () => {
    const { sender } = await connect(() => ({ status: 502, body: "<html>Bad gateway</html>" }));
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
    });
  });

  it("is judged entry by entry", async () => {
    const answers = [
      null,
      { SenderFault: true, Code: "InvalidMessageContents", Message: "Invalid characters found" },
      { SenderFault: false, Code: "InternalError", Message: "" },
      { SenderFault: true, Code: "AWS.SimpleQueueService.RequestThrottled", Message: "Rate exceeded" },
      { SenderFault: true, Code: "KMS.DisabledException", Message: "The key is disabled" },
      { SenderFault: true, Code: "AccessDenied", Message: user },
    ];
    const { sender } = await connect(({ entries }) => failing(entries, (index) => answers[index] ?? null));
    const outcomes = await sender.deliverBatch?.(
      answers.map(() => dataEvent()),
      deadline(),
    );
    expect(outcomes?.map((one) => one instanceof DeliveryError && [one.code, one.retry])).toEqual([
      false,
      ["DELIVERY_REJECTED", "never"],
      ["DELIVERY_FAILED", "later"],
      ["DELIVERY_FAILED", "later"],
      ["DELIVERY_FAILED", "later"],
      ["DESTINATION_PERMISSION_MISSING", "later"],
    ]);
  });

  it("that forgets an entry leaves it to be tried again", async () => {
    const { sender } = await connect(() => ({
      body: { Successful: [{ Id: "0", MessageId: "m" }], Failed: [] },
    }));
    const outcomes = await sender.deliverBatch?.([dataEvent(), dataEvent()], deadline());
    expect(outcomes?.map((one) => one instanceof DeliveryError && one.retry)).toEqual([false, "later"]);
  });

  it("that refuses the whole request for one entry's sake is asked for each of them alone", async () => {
    const events = [dataEvent(), { ...dataEvent(), body: Buffer.from('"poison"') }, dataEvent()];
    const { sender, asked } = await connect(({ entries }) =>
      entries.some(({ MessageBody }) => MessageBody === '"poison"')
        ? refusal("InvalidParameterValue", "no")
        : failing(entries, () => null),
    );
    const outcomes = await sender.deliverBatch?.(events, deadline());
    expect(outcomes?.map((one) => one instanceof DeliveryError && one.retry)).toEqual([
      false,
      "never",
      false,
    ]);
    expect(asked.map(({ entries }) => entries.length)).toEqual([3, 1, 1, 1]);
  });

  it("that fails one message of a group holds back the group's next ones, and no others", async () => {
    const [one, other] = [newUser(), newUser()];
    const events: TestEvent[] = [one, one, other, one, other].map((userId) =>
      dataEvent("sleep", [{}], { userId }),
    );
    const throttled = { SenderFault: false, Code: "InternalError", Message: "" };
    const { sender, asked } = await connect(
      ({ entries }) =>
        failing(entries, (index) => (entries[index]?.MessageGroupId === one ? throttled : null)),
      {},
      "events.fifo",
    );
    const outcomes = await sender.deliverBatch?.(events, deadline());
    expect(outcomes?.map((each) => each instanceof DeliveryError)).toEqual([true, true, false, true, false]);
    const groups = asked.map(({ entries }) => entries.map(({ MessageGroupId }) => MessageGroupId));
    expect(groups).toEqual([[one, other], [other]]);
  });

  it("is never asked for twice within one attempt", async () => {
    const { sender, asked } = await connect(() => refusal("InternalFailure", "", 500));
    await failure(sender.deliver(dataEvent(), deadline()));
    expect(asked).toHaveLength(1);
  });
});

describe("the check of a queue", () => {
  const attributes = { body: { Attributes: { MaximumMessageSize: "262144" } } };
  const probe = (answer: (entries: Asked["entries"]) => Answer) => (asked: Asked) =>
    asked.action === "GetQueueAttributes" ? attributes : answer(asked.entries);
  const impossible = {
    SenderFault: true,
    Code: "InvalidMessageContents",
    Message: "Invalid characters found",
  };

  it("sends a message that no queue takes, and tells the size limit", async () => {
    const { sender, asked } = await connect(
      probe((entries) => failing(entries, () => impossible)),
      { max_message_bytes: undefined },
    );
    expect((await sender.check(deadline())).response).toBe("messages of up to 262144 bytes");
    expect(asked.at(-1)?.entries).toMatchObject([{ MessageBody: "\u0000", DelaySeconds: 901 }]);
  });

  it("finds a permission missing that AWS misses for the entry alone", async () => {
    const denied = { SenderFault: true, Code: "AccessDenied", Message: user };
    const { sender } = await connect(probe((entries) => failing(entries, () => denied)));
    expect(await failure(sender.check(deadline()))).toMatchObject({ code: "DESTINATION_PERMISSION_MISSING" });
  });

  it("does not ask for the limit where the settings have it", async () => {
    const { sender, asked } = await connect(probe((entries) => failing(entries, () => impossible)));
    await sender.check(deadline());
    expect(asked.map(({ action }) => action)).toEqual(["SendMessageBatch"]);
  });
});

it("looks names up through the guard", async () => {
  const refused = new DeliveryError("DESTINATION_ADDRESS_PRIVATE", "later");
  const guard: SenderContext = {
    lookup: (_hostname, _options, callback) => callback(refused, []),
    assertAddressAllowed: () => {},
  };
  const settings = {
    queue_url: "https://sqs.us-east-1.amazonaws.com/123456789012/events",
    region: "us-east-1",
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    secret_access_key: "secret",
  };
  const sender = sqs.connect(parseSettings(sqs, settings), guard);
  expect(await failure(sender.deliver(dataEvent(), deadline()))).toBe(refused);
  expect(await failure(sender.check(deadline()))).toBe(refused);
});
