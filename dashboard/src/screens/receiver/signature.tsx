/** The verdict on a request's signature, in words. */
import type { components } from "../../api/schema.gen.ts";
import { Status } from "../../ui/status.tsx";

type Verdict = components["schemas"]["ReceivedRequest"]["signature"];

const words: Readonly<Record<Verdict, string>> = {
  verified: "Verified",
  missing: "No signature",
  malformed: "Not readable",
  wrong: "Wrong",
  stale: "Too old",
};

export const Signature = ({ of }: { readonly of: Verdict }) => (
  <Status tone={of === "verified" ? "good" : "bad"}>{words[of]}</Status>
);
