import { expect, it } from "vitest";
import { healthAutoExportSetUp } from "./health-auto-export.ts";

it("links set the app up with the address and the header, for each kind of data", () => {
  const url = "https://systole.example/v2/uploads/apple/health-auto-export";
  const header = ["Authorization", "Bearer abc"] as const;
  const links = healthAutoExportSetUp.links?.({ url, token: "abc", header }) ?? [];
  expect(links.map((link) => new URL(link.url).searchParams.get("datatype"))).toEqual([
    "healthmetrics",
    "workouts",
  ]);
  for (const link of links) {
    expect(link.url).toMatch(/^com\.HealthExport:\/\/automation\?url=https%3A%2F%2Fsystole\.example%2F/);
    // The app splits name and value at the comma, and reads %20 as a space.
    expect(link.url).toContain("&headers=Authorization%2CBearer%20abc&");
    expect(link.url).not.toContain("+");
  }
});
