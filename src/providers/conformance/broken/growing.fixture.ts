/** Providers whose parts grow, each with one rule broken. */
import { declareGrowing } from "../../kit/growing/declare-growing.ts";
import type { Statement } from "../../kit/growing/fold.ts";
import type { Provider } from "../../provider.ts";
import { type Beat, beats, growing, pushes, statementsOf } from "../fakes/growing.fixture.ts";
import type { growingCases } from "../growing.ts";
import { type Broken, but } from "./but.fixture.ts";

const resources = (...changed: Provider["resources"]) => but(growing, { resources: changed });

/** Changes each statement of a body. */
const saying = (change: (statement: Statement<Beat>, day: string) => unknown) =>
  resources(
    pushes((body) => statementsOf(body).map(([day, statement]) => [day, change(statement, day)])),
    beats,
  );

const samples = (change: (beat: Beat, index: number) => unknown) =>
  saying((statement) => ({ ...statement, samples: statement.samples.map(change) }));

/** Counts how often it was asked, and so says another thing of the same body. */
let asked = 0;

export const brokenGrowing: Broken<typeof growingCases> = {
  "says of parts that grow what can be folded and stored": [
    saying((statement) => ({ ...statement, format: "" })),
    samples((beat) => ({ ...beat, startMs: Number.NaN })),
    samples((beat) => ({ ...beat, identity: "" })),
    samples((beat) => ({ ...beat, at: new Date(0) })),
    saying((statement) => ({ ...statement, settles: { fromMs: 1, toMs: 1 } })),
    saying((statement) => ({ ...statement, deleted: [1] })),
  ],
  "says the same of the same body, at any time": [
    samples((beat) => ({ ...beat, startMs: Date.now() })),
    samples((beat) => ({ ...beat, identity: `${asked++}` })),
  ],
  "puts each sample in the one part of its key": [
    resources(
      pushes((body) => statementsOf(body).map(([day, statement]) => [`${day} ${body.format}`, statement])),
      beats,
    ),
  ],
  "tells different samples of one body apart": [samples((beat) => ({ ...beat, identity: "beat" }))],
  "grows the same parts when a body comes again": [samples((beat) => ({ ...beat, identity: `${asked++}` }))],
  // One identity for samples of two times: which of them a period covers then depends on which came first.
  "grows the same parts whatever order its bodies are folded in": [
    saying(({ samples: given, replaces }, day) =>
      replaces === undefined
        ? { format: "app", samples: given.map((beat) => ({ ...beat, id: null, identity: "beat" })) }
        : {
            format: "app",
            samples: [],
            replaces: { fromMs: Date.parse(day), toMs: Date.parse(`${day}T12:00:00Z`) },
          },
    ),
  ],
  "names companions that grow": [
    resources(
      pushes(statementsOf),
      declareGrowing<Beat>({
        name: "beats",
        ledger: beats.ledger,
        companions: () => [{ resource: "push", key: "whole" }],
      }),
    ),
  ],
};
