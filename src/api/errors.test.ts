import { expect, test } from "vitest";
import { SystoleError } from "../errors.ts";
import { asSystoleError, problemOf } from "./errors.ts";

const coded = (code: string, message = "") => Object.assign(new Error(message), { code });

test("internal details are not shown", () => {
  const error = asSystoleError(coded("ECONNREFUSED", "connect ECONNREFUSED 10.0.0.5:5432"));
  expect(error.code).toBe("STORE_UNAVAILABLE");
  expect(JSON.stringify(problemOf(error, "/v2/daily"))).not.toContain("10.0.0.5");
});

test("the details of a refusal are shown", () => {
  const error = new SystoleError("DESTINATION_SETTINGS_INVALID", {
    kind: "webhook",
    settings: ["url: wrong"],
  });
  expect(problemOf(error, "/")).toMatchObject({
    message: "The settings of the destination are not valid",
    detail: "The settings of the destination are not valid: url: wrong",
    details: { kind: "webhook" },
  });
});

test("every thrown value becomes one of our errors", () => {
  const thrown = [null, undefined, "text", new TypeError("x"), { statusCode: 418 }, coded("42P01")];
  expect(thrown.map((value) => asSystoleError(value).code)).toEqual([
    "INTERNAL",
    "INTERNAL",
    "INTERNAL",
    "INTERNAL",
    "REQUEST_INVALID",
    "INTERNAL",
  ]);
  const disk = asSystoleError(coded("53100"));
  expect([disk.code, problemOf(disk, "/").title]).toEqual(["DISK_FULL", "service unavailable"]);
});
