/** The outcome of an authorisation, for the person's browser and for the developer. */
import { type ErrorCode, SystoleError } from "../errors.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import { emitAuthCancelled } from "./connection-events.ts";
import type { ConnectionsDeps } from "./deps.ts";

export interface AuthorizationOutcome {
  /** `asked`: nothing is decided until the person has answered `question`. */
  readonly outcome: "connected" | "denied" | "failed" | "asked";
  /** The developer's own URL for this outcome; null if they gave none. */
  readonly redirectUrl: string | null;
  readonly code: ErrorCode | null;
  /** The reason for developers: `access_denied`, or the error code in lower case. */
  readonly reason: string | null;
  readonly userId: string | null;
  readonly referenceId: string | null;
  /** The secret that finds the question. */
  readonly question: string | null;
  /** The flow itself, for the page that is shown if the developer gave no address. */
  readonly flow: AuthFlow;
}

const nothingYet = {
  redirectUrl: null,
  code: null,
  reason: null,
  userId: null,
  question: null,
};

export const connectedOutcome = (flow: AuthFlow): AuthorizationOutcome => ({
  ...nothingYet,
  outcome: "connected",
  redirectUrl: flow.success_url,
  userId: flow.user_id,
  flow,
  referenceId: flow.reference_id,
});

export const askedOutcome = (flow: AuthFlow, question: string): AuthorizationOutcome => ({
  ...nothingYet,
  outcome: "asked",
  flow,
  referenceId: flow.reference_id,
  question,
});

/** Tells the developer, as `auth_cancelled`, that nothing was connected, and why. */
export async function cancelFlow(
  deps: ConnectionsDeps,
  flow: AuthFlow,
  error: unknown,
): Promise<AuthorizationOutcome> {
  const code: ErrorCode = error instanceof SystoleError ? error.code : "INTERNAL";
  const denied = code === "OAUTH_DENIED";
  const told = denied && error instanceof SystoleError ? String(error.details.reason) : null;
  const reason = told === null || told === "no code" ? code.toLowerCase() : told;
  deps.log.warn(
    { err: error, code, flow_id: flow.user_id, provider: flow.provider },
    "authorisation not completed",
  );
  await deps.store.db.transaction().execute((tx) =>
    emitAuthCancelled(tx, deps.store.queue, {
      environmentId: flow.environment_id,
      provider: flow.provider,
      referenceId: flow.reference_id,
      flowId: flow.user_id,
      reason,
    }),
  );
  const outcome = denied ? "denied" : "failed";
  return {
    ...nothingYet,
    outcome,
    flow,
    redirectUrl: flow.failure_url,
    code,
    reason,
    referenceId: flow.reference_id,
  };
}
