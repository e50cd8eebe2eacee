/** Tests many wrong admin tokens at once: parallel requests must not avoid the wait of sequential ones. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../../test/support/wait.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const users = "/admin/v1/users";
const as = (token: string) => api.admin(users, { headers: { authorization: `Bearer ${token}` } });

test("of many tokens at once a few are checked, and one that was right before is accepted meanwhile", async () => {
  const made = await api.admin("/admin/v1/operators", {
    method: "POST",
    json: { name: "newcomer", role: "viewer" },
  });
  const answers: number[] = [];
  const begunAt = Date.now();
  const guesses = Array.from({ length: 300 }, (_, n) =>
    as(`guess number ${n}`).then(({ status }) => answers.push(status)),
  );
  await waitFor("the rest to be sent away", () => answers.filter((status) => status === 429).length > 200);
  // While it is limited, no token is checked except those that were right before.
  const newcomer = await as(String(made.body.token));
  expect([newcomer.status, newcomer.body.code]).toEqual([429, "ADMIN_TOKEN_GUESSED"]);
  expect(newcomer.headers.get("retry-after")).toBe("30");
  expect((await api.admin(users)).status).toBe(200);
  const waits = 1 + Math.floor((Date.now() - begunAt) / 30_000);
  expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(waits * (5 + 32));
  await Promise.all(guesses);
  expect((await as(String(made.body.token))).status).toBe(200);
});
