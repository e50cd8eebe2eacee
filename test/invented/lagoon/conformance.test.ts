import { testProvider } from "../examples.ts";
import { lagoon } from "./plugin.ts";

const bodies = [
  {
    counts: [
      { at: "2025-05-11T08:00:00Z", steps: 3 },
      { at: "2025-05-11T23:55:00Z", steps: 4 },
      { at: "2025-05-12T00:05:00Z", steps: 5 },
    ],
    walks: [{ from: "2025-05-11T23:50:00Z", to: "2025-05-12T00:10:00Z" }],
  },
  { format: "watch", counts: [{ at: "2025-05-11T08:00:00Z", steps: 3, id: "w1" }] },
  { counts: [{ at: "2025-05-12T09:00:00Z", steps: 6 }], whole_day: "2025-05-12" },
  { format: "watch", deleted: ["w1"], deleted_days: ["2025-05-11"] },
];

testProvider({
  provider: lagoon,
  providerUserId: "l-1",
  environment: {},
  bodies: bodies.map((body) => ({ ref: { resource: "pushes", key: "bits" }, body })),
  uploads: {
    bits: { good: bodies.map((body) => JSON.stringify(body)), invalid: [] },
    whole: { good: bodies.map((body) => JSON.stringify(body)), invalid: [] },
  },
});
