import { daysOf, testProvider } from "../examples.ts";
import { inlet } from "./plugin.ts";

testProvider({
  provider: inlet,
  providerUserId: "i-1",
  environment: {},
  bodies: [daysOf("days")],
  uploads: {
    settings: { good: [JSON.stringify({ zone: "Europe/Berlin" })], invalid: [JSON.stringify({ zone: 1 })] },
    days: {
      good: [
        JSON.stringify({ days: [{ day: "2025-05-11", steps: 3 }] }),
        JSON.stringify({ deleted: ["2025-05-11"] }),
      ],
      invalid: [
        JSON.stringify({ days: [{ day: "yesterday" }] }),
        JSON.stringify({ deleted: ["2025-02-30"] }),
      ],
    },
  },
});
