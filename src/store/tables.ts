/**
 * The tables as Kysely sees them. Every one carries `environment_id` in its key, so that no query can
 * cross environments by accident and Citus can distribute by it.
 *
 * Ids of the time-shaped tables are UUIDv7: they sort by time, and the tables are partitioned by them.
 */
import type { ColumnType, Generated, Kysely, Transaction } from "kysely";
import type { DataType } from "../models/index.ts";
import type {
  RenormalizationCounts,
  RenormalizationCursor,
  RenormalizationDifference,
  RenormalizationFilter,
  RenormalizationOptions,
  RenormalizationState,
  RenormalizationTotals,
} from "./renormalization-job.ts";

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null, Date | string | null>;
type DefaultedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;

export interface EnvironmentsTable {
  environment_id: string;
  dev_id: string;
  name: string;
  /** Where browsers may be sent back to; null leaves it open. */
  redirect_origins: string[] | null;
  created_at: DefaultedTimestamp;
}

export interface ApiKeysTable {
  environment_id: string;
  /** SHA-256 of the key; the key itself is never kept. */
  key_hash: Buffer;
  label: string;
  created_at: DefaultedTimestamp;
  revoked_at: NullableTimestamp;
}

export interface ProviderConfigsTable {
  environment_id: string;
  provider: string;
  settings_sealed: Buffer;
  /** "process" settings come from environment variables and are renewed at every start. */
  origin: "process" | "admin";
  /**
   * Of all its subscriptions together. `manual`: made by hand, and nobody can look whether it is there; `missing`:
   * made by hand, and the provider says that it is not there.
   */
  subscription_state: "none" | "creating" | "active" | "failed" | "manual" | "missing";
  subscription_remote_id: string | null;
  subscription_url: string | null;
  subscription_secret_sealed: Buffer | null;
  subscription_error: string | null;
  subscription_checked_at: NullableTimestamp;
  /** What the last check had to do when all was not well ("reactivated"), and when. */
  subscription_mended: string | null;
  subscription_mended_at: NullableTimestamp;
  /** When the last notification came, while things were found that it should have told us of. */
  subscription_silent_since: NullableTimestamp;
  subscription_silence_checked_at: NullableTimestamp;
  updated_at: DefaultedTimestamp;
}

/** Our subscription to one event of a provider that has one for each. */
export interface ProviderSubscriptionsTable {
  environment_id: string;
  provider: string;
  event: string;
  /** Null while it could not be made. */
  remote_id: string | null;
  /** Null where the provider tells none. */
  secret_sealed: Buffer | null;
  url: string;
  /** Null where it does not end by itself. */
  expires_at: NullableTimestamp;
  state: "active" | "failed";
  error: string | null;
  checked_at: Timestamp;
}

export interface ConnectionsTable {
  environment_id: string;
  user_id: string;
  provider: string;
  provider_user_id: string;
  reference_id: string | null;
  state: "active" | "revoked";
  /** Developers can pause a connection with `PATCH /users/{id} {active: false}`. */
  active: Generated<boolean>;
  grant_sealed: Buffer;
  scopes: string | null;
  /** The names of the consents given; null: the provider's first, as in the releases that knew of one only. */
  consents: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
  /** When the person's own subscription was last made or looked after, where the provider has one for each. */
  subscribed_at: NullableTimestamp;
  subscription_error: string | null;
  /** When it is looked after next; null: at once. */
  subscription_due_at: NullableTimestamp;
  /** Code of the provider trouble that is going on; null while all is well. */
  error_code: string | null;
  error_since: NullableTimestamp;
  created_at: DefaultedTimestamp;
  last_webhook_update: NullableTimestamp;
  last_polled_at: NullableTimestamp;
  most_recent_data_at: NullableTimestamp;
  /** Of the connections that this one replaced: their events are still kept under these. */
  former_user_ids: Generated<string[]>;
}

export interface AuthFlowsTable {
  environment_id: string;
  /** SHA-256 of the OAuth state. */
  state_hash: Buffer;
  provider: string;
  /** The user_id this flow will make; authenticateUser tells it before the person has agreed. */
  user_id: string;
  reference_id: string | null;
  redirect_uri: string;
  /** The name of the consent that was asked for; null in a flow of a release that knew of one only. */
  consent: string | null;
  /** The scopes that were asked for, separated by spaces. */
  scopes: string | null;
  /** PKCE's code verifier; null without PKCE. */
  code_verifier_sealed: Buffer | null;
  success_url: string | null;
  failure_url: string | null;
  session_id: string | null;
  /** SHA-256 of the cookie of the browser that began it; null where a developer's server did. */
  browser_hash: Buffer | null;
  /** Set while the person is asked whether another account of theirs is to be replaced. */
  provider_user_id: string | null;
  grant_sealed: Buffer | null;
  /** The user_ids that the question names. */
  replaces: string[] | null;
  expires_at: Timestamp;
  created_at: DefaultedTimestamp;
}

export interface WidgetSessionsTable {
  environment_id: string;
  /** Names the session to the developer; it opens nothing. */
  session_id: string;
  /** SHA-256 of the secret in the connect link. */
  link_hash: Buffer;
  /** When somebody connected through it; from then on it opens nothing. */
  used_at: NullableTimestamp;
  /** Slugs to offer; null offers every configured provider. */
  providers: string[] | null;
  reference_id: string | null;
  language: string | null;
  success_url: string | null;
  failure_url: string | null;
  /** The user_id that was promised for it; null where the connection gets a new one. */
  user_id: string | null;
  expires_at: Timestamp;
  created_at: DefaultedTimestamp;
}

/** Tokens with which a person's own client pushes data to their connection. */
export interface UploadTokensTable {
  environment_id: string;
  token_id: string;
  user_id: string;
  /** SHA-256 of the token; the token itself is never kept. */
  token_hash: Buffer;
  created_at: DefaultedTimestamp;
  last_used_at: NullableTimestamp;
  /** When it ends because another took its place; null while it has no end. */
  expires_at: NullableTimestamp;
}

export interface AuthTokensTable {
  environment_id: string;
  token_hash: Buffer;
  reference_id: string | null;
  expires_at: Timestamp;
  created_at: DefaultedTimestamp;
}

/** Where a request to fetch something came from. */
/** `refused`: never acted upon. `ignored`: acknowledged, nothing to do, or nothing that a task does not do already. */
export type NotificationState = "accepted" | "refused" | "ignored";

/** Messages from providers, as they came. What an accepted one asks for is in its fetch tasks. */
export interface NotificationsTable {
  environment_id: string;
  notification_id: string;
  provider: string;
  state: NotificationState;
  event: string | null;
  provider_user_id: string | null;
  body: Buffer | null;
  trace_id: string;
  code: string | null;
  details: NullableJson<Record<string, unknown>>;
  received_at: Timestamp;
}

/**
 * Why a provider has to be asked.
 * `announced`: a notification named it. `connect`: the newest of everything, for a person who has just connected.
 * `refresh`: somebody asked for what is new. `reconcile`: what nobody announced is looked for by schedule.
 * `backfill`: what is further back. `file`: belongs to something that was fetched, or is an item of it. `second-look`: belongs to
 * something announced and was not there. `revoke`: a permission is given back. `given`: the data
 * itself came, or what was deleted. `permission-ended`, `scopes-changed`: the provider says so.
 */
export type TaskKind =
  | "announced"
  | "connect"
  | "refresh"
  | "reconcile"
  | "backfill"
  | "file"
  | "second-look"
  | "revoke"
  | "given"
  | "permission-ended"
  | "scopes-changed";

/**
 * accepted → done | failed. `waiting`: nobody here has that provider user (yet), or the connection cannot fetch;
 * taken up again when that person connects.
 */
export type TaskState = "accepted" | "done" | "failed" | "waiting";

/** One thing to fetch. */
export interface TaskFetch {
  readonly resource: string;
  readonly key: string;
  /** The days of a resource that are known when this has been fetched. */
  readonly covers?: { readonly resource: string; readonly from: string; readonly to: string };
}

export interface FetchTasksTable {
  environment_id: string;
  task_id: string;
  kind: TaskKind;
  /** The notification that named it; null for what nobody announced. */
  notification_id: string | null;
  provider: string;
  provider_user_id: string | null;
  /** The one connection that is meant; null for all of the provider user. */
  user_id: string | null;
  /** Which comes first: the place of its rank in store/ranks.ts. */
  priority: number;
  state: Generated<TaskState>;
  /** For an announced one, the first is what was named, the rest are its companions. */
  fetches: Json<TaskFetch[]>;
  /** What the task needs besides: the sealed permission that is to be given back. */
  body: Buffer | null;
  trace_id: string;
  attempts: Generated<number>;
  next_attempt_at: NullableTimestamp;
  /** Set while it is being tried. */
  begun_at: NullableTimestamp;
  code: string | null;
  details: NullableJson<Record<string, unknown>>;
  created_at: Timestamp;
  finished_at: NullableTimestamp;
}

/** What is left of a provider client's limits; no environment's own, since several may share a client. */
export interface ProviderBudgetsTable {
  budget_key: Buffer;
  provider: string;
  api: string;
  /** Whose limits these are, where they are one person's; null for the client's. */
  provider_user_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** A BudgetState (sync/planner/budget.ts). */
  state: Json<unknown>;
  updated_at: Timestamp;
}

export interface RawPayloadsTable {
  environment_id: string;
  raw_payload_id: string;
  user_id: string;
  provider: string;
  resource: string;
  resource_key: string;
  request_method: string;
  request_path: string;
  response_status: number;
  content_type: string | null;
  /** zstd of the provider's bytes. */
  body: Buffer;
  body_bytes: number;
  /** Of the provider's bytes. */
  sha256: Buffer;
  fetched_at: Timestamp;
  /** The fetch task it answers. */
  task_id: string | null;
  /** Tries to read a large body that have begun and not ended. */
  parse_tries: Generated<number>;
}

/** Points from each part to the newest raw payload that holds it. */
export interface RawPartsTable {
  environment_id: string;
  user_id: string;
  resource: string;
  part_key: string;
  raw_payload_id: string;
  /** The key the payload was fetched under; splits the body again. */
  resource_key: string;
  /** Taken before the request was sent: a later answer to an earlier request never wins. */
  fetch_order: string;
  /** SHA-256 of the part itself, whatever list it came in; null for what was kept before there were any. */
  content_hash: Buffer | null;
  /** How an index describes the part. */
  fingerprint: string | null;
}

/** What has been asked for of one resource of one person, and when it is looked at again. */
export interface CoverageTable {
  environment_id: string;
  user_id: string;
  resource: string;
  /** Days that were asked for with success, as PostgreSQL's text. */
  days: Generated<string>;
  /** When what is newest was last asked for with success. */
  asked_until: NullableTimestamp;
  reconcile_every_ms: number;
  next_reconcile_at: Timestamp;
  /** New or changed things that reconciliation found and no notification had announced. */
  gaps_found: Generated<number>;
  last_gap_at: NullableTimestamp;
}

export interface RecordsTable {
  environment_id: string;
  user_id: string;
  type: string;
  natural_key: string;
  /** `metadata.summary_id`: given once and kept, whoever the record belongs to later. Null where the type has none. */
  summary_id: Generated<string | null>;
  revision: number;
  mapper_version: number;
  /** First ten characters of the record's own start; null for an athlete. */
  start_date: string | null;
  start_time: string | null;
  end_time: string | null;
  /** The record's JSON text with its sample arrays empty. */
  summary: ColumnType<string, string, string>;
  /** zstd of the record's whole JSON text. */
  detailed: Buffer;
  detailed_bytes: number;
  /** SHA-256 of the whole JSON text. */
  content_hash: Buffer;
  raw_payload_ids: string[];
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
}

export interface EventsTable {
  environment_id: string;
  event_id: string;
  type: string;
  user_id: string | null;
  reference_id: string | null;
  provider: string | null;
  /** The records in the body, in its order. */
  records: Json<EventRecordRow[]>;
  /** Terra's `terra-reference`. */
  reference: string;
  trace_id: string;
  /** zstd of the exact JSON bytes every attempt sends. */
  body: Buffer;
  body_bytes: number;
  created_at: Timestamp;
}

export interface EventRecordRow {
  readonly type: DataType;
  readonly naturalKey: string;
  readonly revision: number;
}

export type DeliveryState = "pending" | "delivered" | "dead" | "cancelled";

export interface DeliveriesTable {
  environment_id: string;
  delivery_id: string;
  event_id: string;
  destination_id: string;
  state: DeliveryState;
  attempts: Generated<number>;
  next_attempt_at: NullableTimestamp;
  last_status: number | null;
  last_code: string | null;
  created_at: Timestamp;
  finished_at: NullableTimestamp;
  /** The order in which deliveries were written; database-wide. */
  ordinal: Generated<string>;
  /** The person whose deliveries to this destination go one after the other; null where order is not kept. */
  ordered_by: string | null;
  /** Pending without a job: woken in parts when its destination takes events again (delivery/wake.ts). */
  parked: Generated<boolean>;
}

export type AttemptOutcome = "delivered" | "retry" | "dead" | "disabled";

export interface AttemptsTable {
  environment_id: string;
  attempt_id: string;
  delivery_id: string;
  event_id: string;
  destination_id: string;
  number: number;
  started_at: Timestamp;
  duration_ms: number;
  outcome: AttemptOutcome;
  status: number | null;
  code: string | null;
  /** The first kilobyte of the target's answer. */
  response: string | null;
}

export interface DestinationsTable {
  environment_id: string;
  destination_id: string;
  kind: string;
  settings_sealed: Buffer;
  /** Event types it takes; null takes all. */
  event_types: string[] | null;
  active: Generated<boolean>;
  /** Rises with every change of settings; senders are cached by id and revision. */
  revision: Generated<number>;
  /** Why Systole switched it off; null while it is active or was paused by hand. */
  disabled_code: string | null;
  /** What the bodies are; Terra's models so far. */
  format: Generated<DestinationFormat>;
  /** "link": data events arrive as a link to their body. */
  payload: Generated<PayloadMode>;
  /** The object store in which linked bodies are put; null: we serve them. */
  link_destination_id: string | null;
  link_expires_seconds: Generated<number>;
  /** Whether the target keeps the order it is given, so that a person's events go one after the other. */
  ordered: Generated<boolean>;
  /** Since when no delivery succeeded while some failed; null while it is well. */
  failing_since: NullableTimestamp;
  /** When the operator was told that it keeps failing. */
  failure_noticed_at: NullableTimestamp;
  /** When parked deliveries are looked at next; null while none are parked. */
  wake_at: NullableTimestamp;
  /** How many of them are awake at a time. */
  wake_size: Generated<number>;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
}

export type DestinationFormat = "terra";
export type PayloadMode = "inline" | "link";

export interface RenormalizationsTable {
  environment_id: string;
  renormalization_id: string;
  state: RenormalizationState;
  filter: Json<RenormalizationFilter>;
  options: Json<RenormalizationOptions>;
  /** Rises with every batch and every resumption; a job of another step is an old one. */
  step: Generated<number>;
  cursor: Json<RenormalizationCursor>;
  totals: Json<RenormalizationTotals>;
  counts: Json<RenormalizationCounts>;
  differences: Json<readonly RenormalizationDifference[]>;
  /** Why it failed. */
  code: string | null;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
  finished_at: NullableTimestamp;
}

/** Leaves that a provider sent and no ledger knows, and those that could not be read. */
export interface UnknownLeavesTable {
  kind: LeafKind;
  environment_id: string;
  provider: string;
  resource: string;
  path: string;
  times: ColumnType<string, number, number>;
  /** One of the payloads it was in. */
  raw_payload_id: string;
  first_seen_at: Timestamp;
  last_seen_at: Timestamp;
}

export type LeafKind = "unknown" | "unreadable";

/** Facts about the database itself: the sealed key check, the hash of a made-up admin token. */
export interface AdminTokensTable {
  token_hash: Buffer;
  origin: "made" | "given" | "rotated";
  /** Short enough to be guessed: fit for loopback only. */
  short: boolean;
  created_at: DefaultedTimestamp;
  retired_at: NullableTimestamp;
}

export interface OperatorsTable {
  operator_id: string;
  name: string;
  role: "admin" | "viewer";
  token_hash: Buffer;
  created_at: DefaultedTimestamp;
  revoked_at: NullableTimestamp;
}

export interface AuditLogTable {
  audit_id: string;
  at: DefaultedTimestamp;
  /** Null for what concerns no environment alone. */
  environment_id: string | null;
  actor_kind: "token" | "operator" | "process" | "command";
  actor_id: string;
  actor_name: string;
  /** Method and route. */
  action: string;
  /** The path asked for, or what the action was about. */
  target: string;
  address: string | null;
  client: string | null;
  trace_id: string | null;
}

export interface AuditOutcomesTable {
  audit_id: string;
  at: DefaultedTimestamp;
  status: number;
  code: string | null;
  before: NullableJson<unknown>;
  after: NullableJson<unknown>;
}

/** What was erased of one person, and where copies may stand. */
export interface ErasuresTable {
  environment_id: string;
  erasure_id: string;
  user_id: string;
  provider: string;
  /** Given back at the provider, ordered to be, or kept because another connection uses the account. */
  permission: "given_back" | "ordered" | "kept";
  deleted: Json<ErasedCounts>;
  sent_to: Json<readonly SentTo[]>;
  erased_at: DefaultedTimestamp;
  /** When the dead rows were removed. */
  vacuumed_at: NullableTimestamp;
}

/** Rows by table. */
export type ErasedCounts = Readonly<Record<string, number>>;

/** A destination that was sent events about a person. */
export interface SentTo {
  readonly destination_id: string;
  /** Null when the destination was deleted meanwhile. */
  readonly kind: string | null;
  readonly events: number;
  /** The object store that linked bodies were put in. */
  readonly link_destination_id: string | null;
}

export interface DatabaseFactsTable {
  key: string;
  value: Buffer;
}

export interface Tables {
  environments: EnvironmentsTable;
  api_keys: ApiKeysTable;
  provider_configs: ProviderConfigsTable;
  provider_subscriptions: ProviderSubscriptionsTable;
  connections: ConnectionsTable;
  auth_flows: AuthFlowsTable;
  widget_sessions: WidgetSessionsTable;
  upload_tokens: UploadTokensTable;
  auth_tokens: AuthTokensTable;
  notifications: NotificationsTable;
  fetch_tasks: FetchTasksTable;
  provider_budgets: ProviderBudgetsTable;
  raw_payloads: RawPayloadsTable;
  raw_parts: RawPartsTable;
  coverage: CoverageTable;
  records: RecordsTable;
  events: EventsTable;
  deliveries: DeliveriesTable;
  attempts: AttemptsTable;
  destinations: DestinationsTable;
  house: DatabaseFactsTable;
  admin_tokens: AdminTokensTable;
  operators: OperatorsTable;
  audit_log: AuditLogTable;
  audit_outcomes: AuditOutcomesTable;
  renormalizations: RenormalizationsTable;
  unknown_leaves: UnknownLeavesTable;
  erasures: ErasuresTable;
}

export type Database = Kysely<Tables>;
/** Either the pool or an open transaction; writes that belong together ask for a Transaction. */
export type DatabaseOrTransaction = Kysely<Tables> | Transaction<Tables>;
export type DatabaseTransaction = Transaction<Tables>;
