import { expect, test } from "vitest";
import { failure } from "./failure.ts";
import { RefusedPermissions } from "./refused-permissions.ts";

const refusal = (reason: string) => failure("DESTINATION_PERMISSION_MISSING", reason, { status: 403 });
const refuse = (reason: string) => () => Promise.reject(refusal(reason));

test("all refusals are named in their order, each once", async () => {
  const refused = new RefusedPermissions();
  expect(await refused.permits(refuse("read"))).toBe(false);
  expect(await refused.permits(async () => "done")).toBe(true);
  await refused.permits(refuse("write"));
  await refused.permits(refuse("read"));
  expect(() => refused.assertNone()).toThrow(
    expect.objectContaining({
      code: "DESTINATION_PERMISSION_MISSING",
      receipt: { status: 403 },
      details: expect.objectContaining({ reason: "read; write" }),
    }),
  );
});

test("one refusal is thrown as it is, and none is no failure", async () => {
  const none = new RefusedPermissions();
  await none.permits(async () => {});
  none.assertNone();
  const one = new RefusedPermissions();
  const thrown = refusal("write");
  await one.permits(() => Promise.reject(thrown));
  expect(() => one.assertNone()).toThrow(thrown);
});

test("any other failure ends the test of the connection at once", async () => {
  const away = failure("DELIVERY_FAILED", "refused");
  await expect(new RefusedPermissions().permits(() => Promise.reject(away))).rejects.toBe(away);
});
