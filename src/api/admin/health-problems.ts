/** What is wrong, in sentences for the operator. */
import { errorCatalogue } from "../../errors.ts";
import type { ProviderTrouble } from "../../store/overview.ts";
import type { ProviderConfig } from "../../store/provider-configs.ts";

export interface HealthProblem {
  readonly severity: "error" | "warning";
  readonly text: string;
  readonly remedy: string;
}

export interface JudgedDestination {
  readonly kind: string;
  readonly destination_id: string;
  readonly active: boolean;
  readonly disabled_code: string | null;
  readonly failing_since: Date | null;
  readonly pending: number;
  readonly dead: number;
}

export interface HealthFacts {
  readonly destinations: readonly JudgedDestination[];
  readonly configs: readonly Pick<
    ProviderConfig,
    "provider" | "subscription_state" | "subscription_error" | "subscription_silent_since"
  >[];
  readonly troubles: readonly ProviderTrouble[];
  readonly now: Date;
}

/** The worst first. */
export function problemsOf({ destinations, configs, troubles, now }: HealthFacts): HealthProblem[] {
  const problems = [
    ...destinations.flatMap((destination) => ofDestination(destination, now)),
    ...configs.flatMap(ofWebhook),
    ...troubles.map(ofTrouble),
  ];
  return problems.sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
}

function ofDestination(destination: JudgedDestination, now: Date): HealthProblem[] {
  const {
    kind,
    destination_id,
    active,
    disabled_code: code,
    failing_since: since,
    pending,
    dead,
  } = destination;
  const name = `The ${kind} destination ${destination_id}`;
  const problems: HealthProblem[] = [];
  if (!active && code !== null) {
    const text = `${name} was switched off (${code}), and ${counted(pending, "delivery", "deliveries")} wait for it.`;
    problems.push({ severity: "error", text, remedy: remedyOf(code) });
  } else if (active && since !== null) {
    const text = `${name} has been failing for ${spanOf(now.getTime() - since.getTime())}; ${counted(pending, "delivery", "deliveries")} wait for it.`;
    const remedy = "Test the connection; the last attempts say what the target answered.";
    problems.push({ severity: "error", text, remedy });
  }
  if (dead > 0) {
    const text = `${counted(dead, "delivery", "deliveries")} to the ${kind} destination ${destination_id} were given up.`;
    const remedy = "Look at the dead letters, put right what they name, and send them again.";
    problems.push({ severity: "warning", text, remedy });
  }
  return problems;
}

function ofWebhook(config: HealthFacts["configs"][number]): HealthProblem[] {
  const { provider, subscription_state: state, subscription_error: error } = config;
  if (state === "failed" || state === "missing") {
    const text = `Our webhook at ${provider} is ${state}${error === null ? "" : `: ${error}`}.`;
    return [{ severity: "error", text, remedy: "Repair it; until then new data is found by asking, later." }];
  }
  if (config.subscription_silent_since === null) return [];
  const text = `${provider} has announced nothing since ${config.subscription_silent_since.toISOString()}, though there was something new.`;
  return [
    { severity: "warning", text, remedy: "Repair the webhook, and see whether this server can be reached." },
  ];
}

const ofTrouble = ({ provider, code, people }: ProviderTrouble): HealthProblem => ({
  severity: "warning",
  text: `${provider} refuses or fails for ${counted(people, "person", "people")} (${code}).`,
  remedy: remedyOf(code),
});

const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`;

const remedyOf = (code: string): string =>
  code in errorCatalogue
    ? errorCatalogue[code as keyof typeof errorCatalogue].remedy
    : "docs/errors.md says what the code means.";

function spanOf(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return counted(minutes, "minute", "minutes");
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
