/** Files of imported activities: GPX and TCX, of which the points are read. */
import { describe, expect, it } from "vitest";
import { unknownLeaves } from "../ledger-leaves.ts";
import { ProviderError } from "../provider.ts";
import { trackOf } from "./files/track-points.ts";
import { activityFile } from "./resources/activity-file.ts";
import { filePartsOf, zipped } from "./testing/files.ts";
import { make, partsOf } from "./testing/make.ts";

const key = "7";
const listed = (changed: object = {}) =>
  partsOf("activities", "x", [
    {
      activityId: 7,
      activityType: { typeId: 2, typeKey: "cycling", parentTypeId: 17 },
      startTimeGMT: "2025-06-14 07:00:00",
      startTimeLocal: "2025-06-14 10:00:00",
      endTimeGMT: "2025-06-14 07:10:00",
      duration: 600,
      distance: 2_000,
      ...changed,
    },
  ]);

const gpx = (points: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="a program" xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
  <metadata><time>2025-06-14T07:00:00Z</time></metadata>
  <wpt lat="1" lon="2"><time>2025-06-14T07:01:00Z</time></wpt>
  <trk><name>Hill &amp; dale</name><trkseg>${points}</trkseg></trk>
</gpx>`;

const gpxPoint = `<trkpt lat="60.5" lon="-24.25"><ele>12.37</ele><time>2025-06-14T09:00:01.500+02:00</time>
  <extensions><power>210</power><ns3:TrackPointExtension><ns3:atemp>21.5</ns3:atemp><ns3:hr>120</ns3:hr>
  <ns3:cad>84</ns3:cad></ns3:TrackPointExtension></extensions></trkpt>`;

const tcx = (points: string): string => `<?xml version="1.0"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
  <Activity Sport="Biking"><Id>2025-06-14T07:00:00Z</Id><Lap StartTime="2025-06-14T07:00:00Z">
    <DistanceMeters>2000</DistanceMeters><AverageHeartRateBpm><Value>99</Value></AverageHeartRateBpm>
    <Track>${points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>`;

const tcxPoint = `<Trackpoint><Time>2025-06-14T07:00:01.500Z</Time>
  <Position><LatitudeDegrees>60.5</LatitudeDegrees><LongitudeDegrees>-24.25</LongitudeDegrees></Position>
  <AltitudeMeters>12.37</AltitudeMeters><DistanceMeters>5.5</DistanceMeters>
  <HeartRateBpm><Value>120</Value></HeartRateBpm><Cadence>84</Cadence>
  <Extensions><x:TPX xmlns:x="y"><x:Speed>36</x:Speed><x:Watts>210</x:Watts></x:TPX></Extensions></Trackpoint>`;

const made = (xml: string, name = "7.gpx", changed: object = {}) =>
  make("activity", key, listed(changed), filePartsOf(key, zipped(Buffer.from(xml), name)));

const timed = { timestamp: "2025-06-14T10:00:01.500000+03:00", timer_duration_seconds: 1.5 };

describe.each([
  ["GPX", gpx(gpxPoint), "7.gpx"],
  ["TCX", tcx(tcxPoint), "7.tcx"],
])("%s", (_format, xml, name) => {
  it("gives samples at the instants of its points, with the values as they are written", () => {
    const activity = made(xml, name);
    expect(activity?.heart_rate_data?.detailed?.hr_samples).toMatchObject([{ ...timed, bpm: 120 }]);
    expect(activity?.position_data?.position_samples).toEqual([
      { ...timed, coords_lat_lng_deg: [60.5, -24.25] },
    ]);
    expect(activity?.distance_data?.detailed?.elevation_samples).toEqual([{ ...timed, elev_meters: 12.37 }]);
    expect(activity?.movement_data).toMatchObject({
      cadence_samples: [{ ...timed, cadence_rpm: 84 }],
      speed_samples: [],
    });
    expect(activity?.power_data?.power_samples).toEqual([{ ...timed, watts: 210 }]);
    // Totals and the device are the search's.
    expect(activity?.distance_data?.summary?.distance_meters).toBe(2_000);
    expect(activity?.heart_rate_data?.summary?.avg_hr_bpm).toBeNull();
    expect(activity?.lap_data?.laps).toEqual([]);
  });

  it("has no leaf that the ledger does not know", () => {
    const [part] = filePartsOf(key, zipped(Buffer.from(xml), name));
    expect(part?.unreadable ?? []).toEqual([]);
    expect(unknownLeaves(activityFile.ledger, part?.value)).toEqual([]);
  });

  it("may come without a ZIP file, in UTF-16, and with a byte order mark", () => {
    const [plain] = filePartsOf(key, Buffer.from(xml));
    const utf16 = Buffer.from(`\uFEFF${xml.replace("UTF-8", "UTF-16")}`, "utf16le");
    for (const body of [utf16, Buffer.from(`\uFEFF${xml}`)])
      expect(filePartsOf(key, zipped(body, name))).toEqual([plain]);
  });

  it("that is cut off, anywhere, is refused for good", () => {
    for (const share of [0.3, 0.6, 0.9, 0.99]) {
      const cut = zipped(Buffer.from(xml.slice(0, Math.floor(xml.length * share))), name);
      expect(() => filePartsOf(key, cut)).toThrow(
        expect.objectContaining({ code: "PROVIDER_BODY_INVALID", retry: "never" }),
      );
    }
  });
});

describe("a point", () => {
  const times = (points: string) =>
    made(gpx(points))?.position_data?.position_samples?.map(({ timestamp }) => timestamp?.slice(11, 19));
  const at = (time: string) => `<trkpt lat="1" lon="2"><time>${time}</time></trkpt>`;

  it("outside the activity, without a time, or with one that names no zone gives nothing", () => {
    expect(
      times(
        [
          at("2025-06-14T06:59:00Z"),
          at("2025-06-14T07:05:00"),
          at("soon"),
          '<trkpt lat="1" lon="2"/>',
          at("2025-06-14T07:06:00Z"),
          at("2025-06-14T07:11:00Z"),
        ].join(""),
      ),
    ).toEqual(["10:06:00"]);
  });

  it("comes in the order of time", () => {
    expect(times(at("2025-06-14T07:02:00Z") + at("2025-06-14T07:01:00Z"))).toEqual(["10:01:00", "10:02:00"]);
  });

  it.each([
    ["91", "2"],
    ["1", "181"],
    ["NaN", "2"],
    ["", "2"],
    ["0", "0"],
  ])("at %s/%s is at no place", (lat, lon) => {
    expect(
      made(gpx(`<trkpt lat="${lat}" lon="${lon}"><time>2025-06-14T07:02:00Z</time></trkpt>`)),
    ).toMatchObject({
      position_data: { position_samples: [] },
    });
  });

  it("of a run counts both feet", () => {
    const cadence = { averageRunningCadenceInStepsPerMinute: 168 };
    expect(made(gpx(gpxPoint), "7.gpx", cadence)?.movement_data?.cadence_samples?.[0]?.cadence_rpm).toBe(168);
  });
});

describe("what is no such file", () => {
  it.each([
    ["another document", "<html><body>An error</body></html>"],
    ["an entity that expands", '<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx><trk>&a;</trk></gpx>'],
    ["half a tag", "<gpx"],
  ])("%s is refused for good", (_what, xml) => {
    expect(() => filePartsOf(key, zipped(Buffer.from(xml), "7.gpx"))).toThrow(ProviderError);
  });

  it("has more points than any recording", () => {
    const point = "<trkpt><time>2025-06-14T07:02:00Z</time></trkpt>";
    expect(trackOf("activity-file", Buffer.from(gpx(point.repeat(3))), 3).records).toHaveLength(3);
    expect(() => trackOf("activity-file", Buffer.from(gpx(point.repeat(4))), 3)).toThrow(ProviderError);
  });

  it("without points costs the activity nothing", () => {
    expect(made(gpx(""))?.heart_rate_data?.detailed?.hr_samples).toEqual([]);
  });
});
