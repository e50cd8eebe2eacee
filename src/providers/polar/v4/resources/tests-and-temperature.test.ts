import { describe, expect, it } from "vitest";
import { PartlyReadableError, type ServedResource } from "../../../provider.ts";
import { account } from "./account.ts";
import { calendar } from "./calendar.ts";
import { withoutPersonal } from "./personal.ts";
import { route } from "./route.ts";
import { skinContacts } from "./skin-contacts.ts";
import { subscriptions } from "./subscriptions.ts";
import { temperature } from "./temperature.ts";
import { test, testSamples } from "./test.ts";
import { calendarTargets, favoriteTargets } from "./training-targets.ts";
import { userDevices } from "./user-devices.ts";

const day = "2031-03-04";
const startTime = `${day}T07:00:00`;

/** A body with one thing in each known wrapper, and its parts' key. */
const bodies: readonly (readonly [ServedResource, body: unknown, key: string])[] = [
  [temperature, { temperatureMeasurementPeriod: [{ startTime, measurementType: "SKIN" }] }, day],
  [skinContacts, { anyName: [{ startTime, skinContactChanges: [] }] }, day],
  [skinContacts, { outer: { anyName: [{ startTime }] } }, day],
  [skinContacts, [{ startTime }], day],
  [test, { tests: [{ startTime }] }, `${startTime}.000`],
  [testSamples, { tests: [{ startTime, samples: {} }] }, `${startTime}.000`],
  [calendar, { entries: [{ date: day, feeling: "GOOD" }] }, day],
  [calendarTargets, { trainingTarget: [{ identifier: { id: "71" } }] }, "71"],
  [favoriteTargets, { favoriteTarget: [{ phaseOrRepeat: [] }] }, "current"],
  [account, { physicalInformation: { sex: "MALE" } }, "current"],
  [account, { accountData: { physicalInformation: { sex: "MALE" } } }, "current"],
  [userDevices, { devicesData: [], userDevicesData: {} }, "current"],
  [subscriptions, { plans: [{ plan: "x" }] }, "current"],
];

const read = (resource: ServedResource, body: unknown, key = day) =>
  resource.parts(key, resource.decode(Buffer.from(JSON.stringify(body))));

describe("a body in a known form", () => {
  it.each(bodies.map(([resource, ...rest]) => [resource.name, resource, ...rest] as const))(
    "is read: %s",
    (_, resource, body, key) => {
      expect(read(resource, body).map((part) => part.key)).toEqual([key]);
    },
  );

  it.each([temperature, skinContacts, test, calendar, calendarTargets])("may be empty: $name", (resource) => {
    expect(resource.parts(day, resource.decode(Buffer.alloc(0)))).toEqual([]);
    expect(read(resource, {})).toEqual([]);
  });
});

describe("a body in an unknown form", () => {
  const unknown = [{ other: "x" }, { one: [], two: [] }, "text", 7, { a: { b: { c: [] } } }];
  const listed = [temperature, skinContacts, test, testSamples, calendar, calendarTargets];
  const things = [account, userDevices, subscriptions, favoriteTargets];
  it.each([...listed, ...things])("is refused: $name", (resource) => {
    for (const body of unknown) {
      expect(() => read(resource, body)).toThrow(expect.objectContaining({ code: "PROVIDER_BODY_INVALID" }));
    }
  });
});

describe("an odd leaf", () => {
  it("is null and noted, and the rest of the test is read", () => {
    const fitnessTestResult = { physicalInformation: { vo2Max: "high", weight: 70.5 } };
    const [part] = read(test, { tests: [{ startTime, fitnessTestResult }] });
    expect(part).toMatchObject({
      value: { fitnessTestResult: { physicalInformation: { vo2Max: null, weight: 70.5 } } },
      unreadable: ["fitnessTestResult.physicalInformation.vo2Max"],
    });
  });

  it("does not cost the other samples of a temperature", () => {
    const temperatureMeasurementSamples = [
      { recordingTimeDeltaMilliseconds: "60000", temperatureCelsius: 33.5 },
      { recordingTimeDeltaMilliseconds: 120_000, temperatureCelsius: "warm" },
    ];
    const body = { temperatureMeasurementPeriod: [{ startTime, temperatureMeasurementSamples }] };
    const [part] = read(temperature, body);
    expect(part).toMatchObject({
      value: [
        {
          temperatureMeasurementSamples: [
            { recordingTimeDeltaMilliseconds: 60_000, temperatureCelsius: 33.5 },
            { recordingTimeDeltaMilliseconds: 120_000, temperatureCelsius: null },
          ],
        },
      ],
    });
    expect(part?.unreadable).toHaveLength(1);
  });

  it("that is the time itself refuses its thing only", () => {
    const body = { tests: [{ startTime: "soon" }, { startTime }] };
    expect(() => read(test, body)).toThrow(PartlyReadableError);
    expect(() => read(calendar, { entries: [{ feeling: "GOOD" }] })).toThrow(
      expect.objectContaining({ code: "PROVIDER_BODY_INVALID" }),
    );
  });
});

describe("a request", () => {
  it.each<[ServedResource, string, string]>([
    [temperature, `${day}..2031-03-31`, `temperature-measurements?from=${day}&to=2031-04-01`],
    [test, `${day}..2031-03-31`, `tests/list?from=${day}&to=2031-04-01`],
    [testSamples, day, `tests/list?from=${day}&to=2031-03-05&features=samples`],
    [account, "current", "user/account-data"],
    [route, "12-ab", "routes/12-ab"],
  ])("asks as Polar wants (%#)", (resource, key, path) => {
    expect(resource.request(key, "1").path).toBe(`/v4/data/${path}`);
  });

  it("has datetimes without a zone in the calendar, and each feature as a key of its own", () => {
    const { path } = calendar.request(day, "1");
    expect(path).toContain(`?from=${day}T00:00:00&to=2031-03-05T00:00:00&features=notes&features=feeling&`);
  });

  it("has no route for a name that is no id", () => {
    expect(() => route.request("../user/account-data", "1")).toThrow(/./);
  });
});

describe("what identifies the person", () => {
  it("is left out of what is carried as sent, at any depth", () => {
    const sent = {
      rmssdSupine: 40,
      physicalInformation: { birthday: "1990-01-01", age: 41, weight: 70 },
      list: [{ eMail: "a" }],
    };
    expect(withoutPersonal(sent)).toEqual({
      rmssdSupine: 40,
      physicalInformation: { weight: 70 },
      list: [{}],
    });
    const [part] = read(test, { tests: [{ startTime, orthostaticTestResult: sent }] });
    expect(JSON.stringify(part?.value)).not.toContain("1990");
  });
});

describe("a test", () => {
  it("leads to its samples, which are asked for by its day", () => {
    const [part] = read(test, { tests: [{ startTime }] });
    expect(part && test.followUps?.(part as never)).toEqual([{ resource: "v4-test-samples", key: day }]);
  });
});
