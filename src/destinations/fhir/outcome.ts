/** The meaning of a FHIR server's refusals, of a whole transaction and of single entries. */
import type { DeliveryCode, DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Answer, jsonObject } from "../kit/http.ts";

/** https://hl7.org/fhir/R4/operationoutcome.html */
export interface Issue {
  readonly severity?: string;
  readonly code?: string;
  readonly diagnostics?: string;
  readonly details?: { readonly text?: string };
  readonly expression?: readonly string[];
  readonly location?: readonly string[];
}

/**
 * "records": something in the records themselves, or their size, was refused; "conflict": another writer came in
 * between; "all": any request would have failed.
 */
export interface Refusal {
  readonly of: "records" | "conflict" | "all";
  readonly error: DeliveryError;
  /** The entries of the transaction that the server names. */
  readonly entries: readonly number[];
}

export type Doing = "search" | "transaction" | "metadata";

/** The permissions that the server has to give, in words: FHIR has no names for permissions. */
const permissions: Readonly<Record<Doing, string>> = {
  metadata: "read metadata",
  search: "search Observation and Patient",
  transaction: "transaction: create, update and delete Observation, create and update Patient and Device",
};

type Meaning = readonly [Refusal["of"], DeliveryCode];

const meanings = {
  credentials: ["all", "DESTINATION_CREDENTIALS_REFUSED"],
  permission: ["all", "DESTINATION_PERMISSION_MISSING"],
  missing: ["all", "DESTINATION_TARGET_MISSING"],
  incapable: ["all", "DESTINATION_INCAPABLE"],
  passing: ["all", "DELIVERY_FAILED"],
  conflict: ["conflict", "DELIVERY_FAILED"],
  rejected: ["records", "DELIVERY_REJECTED"],
  tooLarge: ["records", "DELIVERY_TOO_LARGE"],
} as const satisfies Record<string, Meaning>;

/** https://hl7.org/fhir/R4/valueset-issue-type.html: of a 400 or 422, whose status does not tell these apart. */
const issueMeanings = new Map<string, Meaning>([
  ...["login", "unknown", "expired"].map((code) => [code, meanings.credentials] as const),
  ["forbidden", meanings.permission],
  ["security", meanings.permission],
  ...["conflict", "duplicate", "deleted"].map((code) => [code, meanings.conflict] as const),
  ["multiple-matches", meanings.rejected],
  ...["transient", "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled"].map(
    (code) => [code, meanings.passing] as const,
  ),
  ["too-costly", meanings.tooLarge],
]);

export function refusal(answer: Answer, doing: Doing): Refusal {
  const issues = issuesOf(jsonObject(answer.text));
  return refusalOf(answer, issues, doing);
}

/** The refusal of one entry in a transaction-response, with a status of its own. */
export function entryRefusal(
  status: number,
  outcome: Readonly<Record<string, unknown>>,
  index: number,
): Refusal {
  const answer: Answer = { status, headers: {}, text: JSON.stringify(outcome) };
  return { ...refusalOf(answer, issuesOf(outcome), "transaction"), entries: [index] };
}

function refusalOf(answer: Answer, issues: readonly Issue[] | null, doing: Doing): Refusal {
  const [of, code] = meaningOf(answer, issues, doing);
  const words = wordsOf(answer, issues);
  const reason = code === "DESTINATION_PERMISSION_MISSING" ? `${permissions[doing]}: ${words}` : words;
  return { of, error: failure(code, reason, answer), entries: entriesOf(issues ?? []) };
}

/** Statuses that mean the same whatever the body is. */
const statusMeanings = new Map<number, Meaning>([
  [401, meanings.credentials],
  [405, meanings.incapable],
  [409, meanings.conflict],
  [412, meanings.conflict],
  [413, meanings.tooLarge],
  [501, meanings.incapable],
]);

/** `issues` is null where the answer is no OperationOutcome: a proxy's page says nothing of the records. */
function meaningOf(answer: Answer, issues: readonly Issue[] | null, doing: Doing): Meaning {
  const { status } = answer;
  if (status === 412 && matchesSeveral(issues ?? [])) return meanings.rejected;
  const known = statusMeanings.get(status);
  if (known !== undefined) return known;
  // A resource that another writer deleted in between; else there is no FHIR server at this address.
  const isGone = status === 404 || status === 410;
  if (isGone) return issues !== null && doing === "transaction" ? meanings.conflict : meanings.missing;
  if (status === 403) return isPage(answer) ? meanings.passing : meanings.permission;
  if (issues === null) return meanings.passing;
  return status === 400 || status === 422 ? meaningOfIssues(issues, doing) : meanings.passing;
}

/**
 * "412 Precondition Failed … the client's criteria were not selective enough": the server has the same resource several
 * times. Reading again changes nothing. HAPI says it in words.
 */
const matchesSeveral = (issues: readonly Issue[]): boolean =>
  issues.some(
    ({ code, diagnostics = "" }) =>
      code === "multiple-matches" || /matched (?:[2-9]|\d{2,}) resources|multiple match/i.test(diagnostics),
  );

/** A page for people, as proxies and firewalls send it. */
const isPage = ({ headers, text }: Answer): boolean =>
  /html/i.test(String(headers["content-type"] ?? "")) || text.trimStart().startsWith("<");

function meaningOfIssues(issues: readonly Issue[], doing: Doing): Meaning {
  const errors = issues.filter(({ severity }) => severity === "error" || severity === "fatal");
  const known = errors
    .map(({ code = "" }) => issueMeanings.get(code))
    .find((meaning) => meaning !== undefined);
  if (known !== undefined) return known;
  // A search or the CapabilityStatement carries nothing of a record.
  return doing === "transaction" ? meanings.rejected : meanings.incapable;
}

function issuesOf(body: Readonly<Record<string, unknown>>): readonly Issue[] | null {
  if (body.resourceType !== "OperationOutcome") return null;
  const { issue } = body;
  const isIssue = (one: unknown): one is Issue => typeof one === "object" && one !== null;
  return Array.isArray(issue) ? issue.filter(isIssue) : [];
}

/** The errors of an OperationOutcome, without its warnings; of another answer its status alone. */
function wordsOf({ status }: Answer, issues: readonly Issue[] | null): string {
  const serious = (issues ?? []).filter(({ severity }) => severity === "error" || severity === "fatal");
  if (serious.length === 0) {
    return issues === null
      ? `the server answered ${status}, and not by FHIR`
      : `the server answered ${status}`;
  }
  return serious
    .map(({ code, diagnostics, details }) => `${code}: ${diagnostics ?? details?.text ?? ""}`)
    .join("; ");
}

/** The entries that issues name: `Bundle.entry[3].resource…`, in FHIRPath or in HAPI's own words. */
function entriesOf(issues: readonly Issue[]): number[] {
  const places = issues.flatMap(({ expression = [], location = [], diagnostics = "" }) => [
    ...expression,
    ...location,
    diagnostics,
  ]);
  const named = places.flatMap((place) => [...place.matchAll(/Bundle\.entry\[(\d+)\]/g)]);
  return [...new Set(named.map(([, index]) => Number(index)))];
}
