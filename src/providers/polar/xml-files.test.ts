import { describe, expect, it } from "vitest";
import { ProviderError } from "../provider.ts";
import { fixture, make, partsOf } from "./testing/bodies.ts";
import { filePartsOf, tcxFile, tcxLap } from "./testing/files.ts";

const id = "Ab3kQ9zX";
/** Starts 2025-05-11T06:59:58 at +180. */
const run = { ...(fixture("exercise-run") as object), samples: [], duration: "PT1800S" };
const activityOf = (tcx: Buffer | string) =>
  make("activity", [...partsOf("exercise", id, run), ...filePartsOf("tcx", id, tcx)]);
const lapsOf = (tcx: Buffer | string) => activityOf(tcx).lap_data?.laps ?? [];

const seconds = "<TotalTimeSeconds>600</TotalTimeSeconds>";
const laps = tcxLap("2025-05-11T03:59:58Z", seconds) + tcxLap("2025-05-11T04:09:58Z", seconds);
const file = tcxFile(laps);
const expected = lapsOf(file);

/** Every name with a prefix, those in end tags too. */
const prefixed = file.replaceAll(/<(\/?)(?=[A-Z])/g, "<$1t:").replace("xmlns=", "xmlns:t=");
const bigEndian = (text: string) => Buffer.from(text, "utf16le").swap16();

describe("XML is XML", () => {
  it("has two laps to begin with", () => expect(expected).toHaveLength(2));

  it.each([
    ["a prefixed root", prefixed],
    ["white space in end tags", file.replaceAll(/<\/(\w+)>/g, "</$1 \n>")],
    ["a comment and an instruction at the end", `${file}<!-- made by hand --><?done?>\n`],
    [
      "a comment that looks like elements",
      file.replace("<Activities>", "<!-- <Lap> <!DOCTYPE --><Activities>"),
    ],
    ["CDATA", file.replaceAll("600", "<![CDATA[600]]>")],
    [
      "character references in numbers and attributes",
      file.replaceAll("600", "&#54;00").replaceAll("T03:", "T&#x30;3:"),
    ],
    ["UTF-16, little-endian", Buffer.from(`\uFEFF${file.replace("UTF-8", "UTF-16")}`, "utf16le")],
    ["UTF-16, big-endian", bigEndian(`\uFEFF${file.replace("UTF-8", "UTF-16")}`)],
    ["UTF-16 without a mark", Buffer.from(file.replace("UTF-8", "UTF-16"), "utf16le")],
    [
      "a document type without entities",
      file.replace("<Training", "<!DOCTYPE TrainingCenterDatabase>\n<Training"),
    ],
    ["single quotes", file.replaceAll('"', "'")],
  ])("%s", (_what, text) => expect(lapsOf(text)).toEqual(expected));

  it("decodes references, and the encoding that is declared", () => {
    const notes = (text: string) => tcxFile(laps).replace("</Activity>", `<Notes>${text}</Notes></Activity>`);
    const said = (bytes: Buffer | string) => activityOf(bytes);
    const of = (value: string) => ({
      provider_data: {
        polar: {
          "exercise-tcx": { training_center_database: { activities: { activity: [{ notes: value }] } } },
        },
      },
    });
    expect(said(notes("s&#252;per &#38; &#x1F3C3; &lt;&quot;&gt;"))).toMatchObject(of('süper & 🏃 <">'));
    const latin = Buffer.from(notes("süß").replace("UTF-8", "ISO-8859-1"), "latin1");
    expect(said(latin)).toMatchObject(of("süß"));
  });

  it("keeps a name that is special in JavaScript out of the way", () => {
    const odd = tcxFile(laps).replace("</Activity>", "<__proto__><Lap>x</Lap></__proto__></Activity>");
    expect(lapsOf(odd)).toEqual(expected);
  });

  it.each([
    ["an element left open", file.replace("</Activities>", "")],
    ["tags that cross", file.replace("</Activity></Activities>", "</Activities></Activity>")],
    ["a second root", `${file}<TrainingCenterDatabase/>`],
    ["text after the root", `${file}x`],
    ["an entity that nobody declared", file.replace("600", "&six;00")],
    [
      "an entity of the document type",
      file.replace("<Training", '<!DOCTYPE t [<!ENTITY six "6">]><Training').replace("600", "&six;00"),
    ],
    ["a character that XML has not", file.replace("600", "&#0;")],
    ["the right root within another", `<a>${file.slice(file.indexOf("<Training"))}</a>`],
    ["forty levels", file.replace("<Activities>", `${"<a>".repeat(40)}${"</a>".repeat(40)}<Activities>`)],
    ["an encoding that nobody knows", file.replace("UTF-8", "x-none")],
  ])("%s is refused for good", (_what, text) => {
    expect(() => lapsOf(text)).toThrow(ProviderError);
    expect(() => lapsOf(text)).toThrow(expect.objectContaining({ retry: "never" }));
  });

  it("expands no entity of a document type, even if they are nested", () => {
    const entities = Array.from({ length: 30 }, (_, n) => `<!ENTITY e${n + 1} "&e${n};&e${n};">`).join("");
    const bomb = file
      .replace("<Training", `<!DOCTYPE t [<!ENTITY e0 "x">${entities}]><Training`)
      .replace("600", "&e30;");
    expect(() => lapsOf(bomb)).toThrow(ProviderError);
  });
});

describe("a session of several sports", () => {
  const lap = (start: string, fields: string) => tcxLap(start, `${seconds}${fields}`);
  const activity = (content: string) =>
    `<Activity Sport="Other"><Id>2025-05-11T03:59:58Z</Id>${content}</Activity>`;
  const swim = activity(
    lap("2025-05-11T03:59:58Z", "<DistanceMeters>0</DistanceMeters><Calories>100</Calories>"),
  );
  const bike = activity(
    lap("2025-05-11T04:09:58Z", "<DistanceMeters>5000</DistanceMeters><Calories>200</Calories>"),
  );
  const runLaps =
    tcxLap("2025-05-11T04:19:58Z", "<TotalTimeSeconds>300</TotalTimeSeconds><Calories>90</Calories>") +
    tcxLap("2025-05-11T04:24:58Z", "<TotalTimeSeconds>300</TotalTimeSeconds><Calories>0</Calories>");
  const text =
    "<TrainingCenterDatabase><Activities><MultiSportSession><Id>2025-05-11T03:59:58Z</Id>" +
    `<FirstSport>${swim}</FirstSport>` +
    '<NextSport><Transition StartTime="2025-05-11T04:09:50Z"><TotalTimeSeconds>8</TotalTimeSeconds></Transition>' +
    `${bike}</NextSport><NextSport>${activity(runLaps)}</NextSport>` +
    "<Notes>First one</Notes></MultiSportSession></Activities></TrainingCenterDatabase>";

  it("has the laps of all its activities, and the transitions between them", () => {
    const made = activityOf(text);
    expect(made.lap_data?.laps?.map((each) => each.start_time?.slice(11, 19))).toEqual([
      "06:59:58",
      "07:09:58",
      "07:19:58",
      "07:24:58",
    ]);
    expect(made).toMatchObject({
      provider_data: {
        polar: {
          "exercise-tcx": {
            training_center_database: {
              activities: {
                transition: [{ start_time: "2025-05-11T04:09:50Z", total_time_seconds: "8" }],
                multi_sport_session: [{ notes: "First one" }],
              },
            },
          },
        },
      },
    });
  });

  it("detects calories and distances on the first lap for each activity separately", () => {
    expect(lapsOf(text).map(({ calories }) => calories)).toEqual([100, 200, null, null]);
    expect(lapsOf(text).map(({ distance_meters }) => distance_meters)).toEqual([null, 5000, null, null]);
  });
});
