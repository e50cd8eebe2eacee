/** The outcome of an event over all destinations. */
import type { paths } from "../../api/schema.gen.ts";
import { Status, type Tone } from "../../ui/status.tsx";

type Answer = paths["/admin/v1/events"]["get"]["responses"][200]["content"]["application/json"];
export type Outcome = Answer["data"][number]["outcome"];

const looks: Readonly<Record<Outcome, { readonly tone: Tone; readonly name: string }>> = {
  dead: { tone: "bad", name: "Given up" },
  pending: { tone: "busy", name: "Pending" },
  delivered: { tone: "good", name: "Delivered" },
  cancelled: { tone: "quiet", name: "Cancelled" },
  none: { tone: "quiet", name: "Sent nowhere" },
};

export const outcomes = Object.entries(looks).map(([value, { name }]) => ({ value, label: name }));

export const EventOutcome = ({ outcome }: { readonly outcome: Outcome }) => (
  <Status tone={looks[outcome].tone}>{looks[outcome].name}</Status>
);
