import { expect, test } from "vitest";
import type { TerraUser } from "../models/index.ts";
import { answerEnvelope, eventEnvelope } from "./envelope.ts";

const user: TerraUser = {
  user_id: "8d7c0f1e-9a4b-4f52-9d57-2f1f6f0c6b11",
  provider: "POLAR",
  created_at: "2026-11-20T06:00:00.000000+00:00",
  last_webhook_update: null,
  scopes: null,
  reference_id: 'says "hello"',
  active: true,
};

test("an event has type, version, user and a list", () => {
  const { head, tail } = eventEnvelope("sleep", user);
  expect(JSON.parse(`${head}{"a":1},{"a":2}${tail}`)).toEqual({
    type: "sleep",
    version: "2022-03-16",
    user,
    data: [{ a: 1 }, { a: 2 }],
  });
});

test("an answer has status, type, user and a list", () => {
  const { head, tail } = answerEnvelope("daily", user);
  expect(JSON.parse(`${head}${tail}`)).toEqual({ status: "success", type: "daily", user, data: [] });
});

test("an athlete is one object under its own name", () => {
  const { head, tail } = answerEnvelope("athlete", user);
  expect(JSON.parse(`${head}{"age":40}${tail}`)).toEqual({
    status: "success",
    type: "athlete",
    user,
    athlete: { age: 40 },
  });
});
