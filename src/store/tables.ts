/**
 * The tables as Kysely sees them. Each has `environment_id` in its key, so that no query can cross environments by
 * accident. Those that hold a person's data have `user_id` too, by which Citus distributes the largest of them
 * (citus/cluster.ts); all others stay on one server.
 *
 * Ids of tables that grow with time are UUIDv7: they sort by time, and the tables are partitioned by them.
 */
import type { ColumnType, Generated, Kysely, Transaction } from "kysely";
import type { DataType } from "../models/index.ts";
import type { ProviderRequest } from "../providers/provider.ts";
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

export const stages = ["testing", "staging", "production"] as const;
export type Stage = (typeof stages)[number];

export interface EnvironmentsTable {
  environment_id: string;
  dev_id: string;
  name: string;
  stage: ColumnType<Stage, Stage | undefined, Stage>;
  /** The origins that browsers may be sent back to; null allows any. */
  redirect_origins: string[] | null;
  /** Whether a FHIR Patient has the birth date that a record gives. */
  fhir_birth_date: Generated<boolean>;
  /** The days for which bodies of raw payloads are kept; null: for ever. */
  keep_raw_days: ColumnType<number | null, number | null | undefined, number | null>;
  /** Null: as long as in every environment. */
  keep_event_days: ColumnType<number | null, number | null | undefined, number | null>;
  keep_notification_days: ColumnType<number | null, number | null | undefined, number | null>;
  created_at: DefaultedTimestamp;
}

/** The look of an environment on the connect page; the page chooses what is null. */
export interface BrandsTable {
  environment_id: string;
  name: ColumnType<string | null, string | null | undefined, string | null>;
  /** `#rrggbb`. */
  color: ColumnType<string | null, string | null | undefined, string | null>;
  logo: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
  /** Its media type. */
  logo_type: ColumnType<string | null, string | null | undefined, string | null>;
  /** SHA-256 of its bytes, by which it is served. */
  logo_hash: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
}

export interface ApiKeysTable {
  environment_id: string;
  /** SHA-256 of the key; the key itself is never stored. */
  key_hash: Buffer;
  label: string;
  created_at: DefaultedTimestamp;
  revoked_at: NullableTimestamp;
  /** The end of a key that was replaced; null: none is set. */
  expires_at: NullableTimestamp;
}

export interface ProviderConfigsTable {
  environment_id: string;
  provider: string;
  settings_sealed: Buffer;
  /** "process" settings come from environment variables and are renewed at every start. */
  origin: "process" | "admin";
  /**
   * The state of all its subscriptions together. `manual`: made by hand, and its existence cannot be checked;
   * `missing`: made by hand, and the provider says that it does not exist.
   */
  subscription_state: "none" | "creating" | "active" | "failed" | "manual" | "missing";
  subscription_remote_id: string | null;
  subscription_url: string | null;
  subscription_secret_sealed: Buffer | null;
  subscription_error: string | null;
  subscription_checked_at: NullableTimestamp;
  /** The repair that the last failed check made ("reactivated"), and its time. */
  subscription_mended: string | null;
  subscription_mended_at: NullableTimestamp;
  /** The time of the last notification, while data is found that should have been announced. */
  subscription_silent_since: NullableTimestamp;
  subscription_silence_checked_at: NullableTimestamp;
  /** The chosen data types; null: all that the provider has, or will have. */
  data_types: ColumnType<DataType[] | null, DataType[] | null | undefined, DataType[] | null>;
  /** Whether events have samples. */
  samples: Generated<boolean>;
  updated_at: DefaultedTimestamp;
}

/** Our subscription to one event, of a provider with one subscription per event. */
export interface ProviderSubscriptionsTable {
  environment_id: string;
  provider: string;
  event: string;
  /** Null until it could be made. */
  remote_id: string | null;
  /** Null if the provider gives none. */
  secret_sealed: Buffer | null;
  url: string;
  /** Null if it does not expire. */
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
  /** The names of the given consents; null: the only one that an earlier release knew. */
  consents: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
  /** The names of the APIs that the grants were found to open; null: those of the consents. */
  apis: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
  /** When it is tried again to find out what a grant opens; null where that is known. */
  registration_due_at: NullableTimestamp;
  /** When the person's own subscription was last made or checked, if the provider has one per person. */
  subscribed_at: NullableTimestamp;
  subscription_error: string | null;
  /** The time of its next check; null: at once. */
  subscription_due_at: NullableTimestamp;
  /** The code of the provider's continuing failure; null while there is none. */
  error_code: string | null;
  error_since: NullableTimestamp;
  /** When the pasted key ends, as the person said; null where they said nothing, or there is no key. */
  key_ends_at: NullableTimestamp;
  /** When the developer was reminded of it. */
  key_reminded_at: NullableTimestamp;
  created_at: DefaultedTimestamp;
  last_webhook_update: NullableTimestamp;
  last_polled_at: NullableTimestamp;
  most_recent_data_at: NullableTimestamp;
  /** The ids of the connections that this one replaced: their events are still stored under them. */
  former_user_ids: Generated<string[]>;
}

export interface AuthFlowsTable {
  environment_id: string;
  /** SHA-256 of the OAuth state. */
  state_hash: Buffer;
  provider: string;
  /** The user_id of the future connection; authenticateUser returns it before the person has agreed. */
  user_id: string;
  reference_id: string | null;
  redirect_uri: string;
  /** The name of the requested consent; null in a flow of a release that knew only one. */
  consent: string | null;
  /** Whether it adds to a connection that exists. */
  is_further: Generated<boolean>;
  /** The requested scopes, separated by spaces. */
  scopes: string | null;
  /** PKCE's code verifier; null without PKCE. */
  code_verifier_sealed: Buffer | null;
  success_url: string | null;
  failure_url: string | null;
  session_id: string | null;
  /** The text that the person agreed to on the connect page; null if the flow did not begin there. */
  agreement: NullableJson<FlowAgreement>;
  /** The language of pages about it; null: the browser's. */
  language: string | null;
  /** SHA-256 of the cookie of the browser that began it; null if a developer's server did. */
  browser_hash: Buffer | null;
  /** Set while the person is asked whether another account of theirs is to be replaced. */
  provider_user_id: string | null;
  grant_sealed: Buffer | null;
  /** The user_ids that the question names. */
  replaces: string[] | null;
  expires_at: Timestamp;
  created_at: DefaultedTimestamp;
}

export interface FlowAgreement {
  readonly language: string;
  /** The whole text that the person was shown, a line each. */
  readonly text: string;
  /** Those that were asked for. */
  readonly scopes: readonly string[];
  readonly agreed_at: string;
}

/** People's agreements on the connect page, kept as long as the connection. */
export interface AgreementsTable {
  environment_id: string;
  agreement_id: string;
  user_id: string;
  provider: string;
  /** The provider's consent that was asked for; null where there is no OAuth. */
  consent: string | null;
  session_id: string | null;
  language: string;
  text: string;
  scopes: string[];
  agreed_at: Timestamp;
}

export interface WidgetSessionsTable {
  environment_id: string;
  /** The developer's name of the session; it opens nothing. */
  session_id: string;
  /** SHA-256 of the secret in the connect link. */
  link_hash: Buffer;
  /** When a person connected through it; from then on it opens nothing. */
  used_at: NullableTimestamp;
  /** The slugs to offer; null offers every configured provider. */
  providers: string[] | null;
  reference_id: string | null;
  language: string | null;
  success_url: string | null;
  failure_url: string | null;
  /** The user_id promised for it; null if the connection gets a new one. */
  user_id: string | null;
  expires_at: Timestamp;
  created_at: DefaultedTimestamp;
}

/**
 * `upload`: for a person's own client, without an end. `refresh`: for an app's SDK, which gets an `access` token for it
 * again and again; `access` tokens last an hour.
 */
export type UploadTokenKind = "upload" | "access" | "refresh";

/** Tokens with which a person's own client pushes data to their connection. */
export interface UploadTokensTable {
  environment_id: string;
  token_id: string;
  user_id: string;
  kind: Generated<UploadTokenKind>;
  /** The refresh token that an access token was made with. */
  parent_id: ColumnType<string | null, string | null | undefined, never>;
  /** SHA-256 of the token; the token itself is never stored. */
  token_hash: Buffer;
  created_at: DefaultedTimestamp;
  last_used_at: NullableTimestamp;
  /** When it ends by itself: an access token, or one that another token replaced; null while it has no end. */
  expires_at: NullableTimestamp;
  revoked_at: NullableTimestamp;
}

/** The hashes of tokens whose connection has ended, so that their clients are told so. They name nobody. */
export interface EndedUploadTokensTable {
  environment_id: string;
  token_hash: Buffer;
  ended_at: DefaultedTimestamp;
}

/** Codes that a person types into an app to connect its SDK. */
export interface InvitationCodesTable {
  environment_id: string;
  /** SHA-256 of the code. */
  code_hash: Buffer;
  user_id: string;
  expires_at: Timestamp;
  redeemed_at: NullableTimestamp;
}

/** What a connection has pushed in one upload format, and how often it usually does. */
export interface PushesTable {
  environment_id: string;
  user_id: string;
  format: string;
  pushes: Generated<string>;
  /** The time of the last one. */
  pushed_at: Timestamp;
  /** The usual time between two, learned from those at least an hour apart; null before the second. */
  usual_gap_ms: number | null;
  /** When a silence becomes unusual; null for a format that people send by hand. */
  silent_after: NullableTimestamp;
}

export interface AuthTokensTable {
  environment_id: string;
  token_hash: Buffer;
  reference_id: string | null;
  redeemed_at: NullableTimestamp;
  expires_at: Timestamp;
  created_at: DefaultedTimestamp;
}

/**
 * `refused`: never acted upon. `ignored`: acknowledged; nothing to do, or nothing that an open task does not
 * do already.
 */
export type NotificationState = "accepted" | "refused" | "ignored";

/** Messages from providers, as they arrived. The fetch tasks of an accepted one have what it asks for. */
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
 * The reason for a task. `announced`: a notification named it. `connect`: the newest of everything, for a
 * person who has just connected. `refresh`: a request for new data. `reconcile`: a scheduled search for
 * unannounced data. `backfill`: older data. `file`: belongs to something that was fetched, or is an item of
 * it. `second-look`: belongs to something announced and did not exist yet. `revoke`: a permission is to be
 * revoked. `given`: the data itself arrived, or a deletion. `permission-ended`, `scopes-changed`: the
 * provider says so.
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
 * accepted → done | failed. `waiting`: the provider user is unknown here (yet), or the connection cannot
 * fetch; resumed when that person connects.
 */
export type TaskState = "accepted" | "done" | "failed" | "waiting";

/** One thing to fetch. */
export interface TaskFetch {
  readonly resource: string;
  readonly key: string;
  /** The days of a resource that are known once this has been fetched. */
  readonly covers?: { readonly resource: string; readonly from: string; readonly to: string };
  /** The page to go on with, when the pages before it have been fetched. */
  readonly page?: ProviderRequest;
  /** The number of those pages. */
  readonly pagesRead?: number;
  /** What to fetch if there is no such file, nor any other of the task that says so. */
  readonly instead?: readonly { readonly resource: string; readonly key: string }[];
}

export interface FetchTasksTable {
  environment_id: string;
  task_id: string;
  kind: TaskKind;
  /** The notification that named it; null without an announcement. */
  notification_id: string | null;
  provider: string;
  provider_user_id: string | null;
  /** The one connection that is meant; null for all of the provider user. */
  user_id: string | null;
  /** The priority: the index of its rank in store/ranks.ts. */
  priority: number;
  state: Generated<TaskState>;
  /** In an announced task, the first is the named thing, the rest are its companions. */
  fetches: Json<TaskFetch[]>;
  /** Further data of the task: the sealed permission to revoke, or data that was given. */
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

/** The state of a provider client's limits; it belongs to no environment, since several may share a client. */
export interface ProviderBudgetsTable {
  budget_key: Buffer;
  provider: string;
  api: string;
  /** The person that the limits are for; null for the client's. */
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
  /** The provider's bytes as zstd; null where they are in the body store. */
  body: Buffer | null;
  /** Their length; null where it is `outside_bytes`. */
  body_bytes: number | null;
  /** The key of the body in the body store. One that ends with `.zst` is compressed with zstd. */
  body_key: ColumnType<string | null, string | null | undefined, string | null>;
  outside_bytes: ColumnType<string | null, number | null | undefined, number | null>;
  /** The hash of the provider's bytes. */
  sha256: Buffer;
  fetched_at: Timestamp;
  /** The fetch task it answers. */
  task_id: string | null;
  /** The tries to read a large body that have begun and not ended. */
  parse_tries: Generated<number>;
  /** The place in the order of arrival; null where none of its parts grow. */
  fetch_order: ColumnType<string | null, string | null | undefined, string | null>;
}

/** Refers from each part to the newest raw payload that holds it. */
export interface RawPartsTable {
  environment_id: string;
  user_id: string;
  resource: string;
  part_key: string;
  /** Null when the part was deleted at the provider; `fetch_order` is then that of the deletion. */
  raw_payload_id: string | null;
  /** The key that the payload was fetched under; needed to split the body again. */
  resource_key: string;
  /** Drawn before the request was sent: a later answer to an earlier request never wins. */
  fetch_order: string;
  /** The `fetch_order` of the answer that brought this content; null where that is not known. */
  changed_order: string | null;
  /** SHA-256 of the part itself, whatever list it came in; null for rows older than the hashes. */
  content_hash: Buffer | null;
  /** An index's description of the part. */
  fingerprint: string | null;
  /** When the thing began of which another API may tell under its own id; null for all others. */
  starts_at: Date | null;
  /** The natural key of the record that the thing belongs to, where that is not the part's own key. */
  record_key: string | null;
}

/** Parts that grow, each folded from the statements of many payloads. */
export interface GrownPartsTable {
  environment_id: string;
  user_id: string;
  /** Whether it belongs to a fold from the beginning that is under way. */
  is_shadow: Generated<boolean>;
  resource: string;
  part_key: string;
  /** The state of the fold, as zstd. */
  state: Buffer;
  /** The hash of the items that are in force. */
  content_hash: Buffer;
  /** The payloads that the items in force came in. */
  raw_payload_ids: string[];
}

/** Records that are to be made anew because their parts have changed. */
export interface StaleRecordsTable {
  environment_id: string;
  user_id: string;
  type: string;
  natural_key: string;
}

/**
 * `receiving`: pieces are still to come. `queued`: complete and durable. `reading`: the file is gone through once.
 * `storing`: its days become records, the newest first. `done`, `failed`: what was read before a failure stands.
 */
export type UploadState = "receiving" | "queued" | "reading" | "storing" | "done" | "failed";

/** An uploaded file, and how far reading it has come. */
export interface UploadsTable {
  environment_id: string;
  upload_id: string;
  user_id: string;
  provider: string;
  format: string;
  state: UploadState;
  /** The length of the file as it was sent; null while that is unknown. */
  file_bytes: ColumnType<string | null, number | null, string | null>;
  raw_payload_id: ColumnType<string | null, undefined, string | null>;
  /** How much of it was read, and how much there is, unpacked. */
  read_bytes: ColumnType<string, undefined, string>;
  unpacked_bytes: ColumnType<string | null, undefined, string | null>;
  records: ColumnType<string, undefined, string>;
  /** The imports that were begun and neither ended nor were told to stop. */
  tries: ColumnType<number, undefined, number>;
  /** The batches that are folded. */
  stored_batches: ColumnType<number, undefined, number>;
  /** The key of the part that was stored last: everything from there on is stored. */
  stored_from: ColumnType<string | null, undefined, string | null>;
  changed_records: ColumnType<number, undefined, number>;
  unread: ColumnType<unknown, undefined, string | null>;
  /** The reason of a failure, and where reading stopped. */
  code: ColumnType<string | null, undefined, string | null>;
  details: ColumnType<unknown, undefined, string | null>;
  created_at: ColumnType<Date, undefined, never>;
  updated_at: ColumnType<Date, undefined, Date>;
  finished_at: ColumnType<Date | null, undefined, Date | null>;
}

/** Bodies to be removed from the body store: of erased people, and those that no row names in time. */
export interface BodyRemovalsTable {
  environment_id: string;
  body_key: string;
  due_at: Timestamp;
}

/** The days requested of one resource of one person, and the time of its next reconciliation. */
export interface CoverageTable {
  environment_id: string;
  user_id: string;
  resource: string;
  /** The days that were requested with success, as PostgreSQL's text. */
  days: Generated<string>;
  /** The time of the last successful request for the newest data. */
  asked_until: NullableTimestamp;
  reconcile_every_ms: number;
  next_reconcile_at: Timestamp;
  /** The first day of the oldest answer that had data. */
  oldest_found: ColumnType<Date | null, never, string | null>;
  /** New or changed things that reconciliation found and no notification had announced. */
  gaps_found: Generated<number>;
  last_gap_at: NullableTimestamp;
  /** When something announced or pushed was last left out, since no chosen data type needed it. */
  forgotten_at: NullableTimestamp;
  /** The first and the latest answer that said that the account has no such resource; null while it is available. */
  unavailable_since: NullableTimestamp;
  unavailable_at: NullableTimestamp;
  /** The status of the latest one. */
  unavailable_status: Generated<number | null>;
}

export interface RecordsTable {
  environment_id: string;
  user_id: string;
  type: string;
  natural_key: string;
  /** `metadata.summary_id`: given once and kept, whoever the record belongs to later. Null if the type has none. */
  summary_id: Generated<string | null>;
  revision: number;
  mapper_version: number;
  /** The first ten characters of the record's own start; null for an athlete. */
  start_date: string | null;
  start_time: string | null;
  end_time: string | null;
  /** The record's JSON text with its sample arrays empty. */
  summary: ColumnType<string, string, string>;
  /** The record's whole JSON text as zstd; null where it is in the body store. */
  detailed: Buffer | null;
  /** Its key there. */
  body_key: ColumnType<string | null, string | null | undefined, string | null>;
  detailed_bytes: number;
  /** SHA-256 of the whole JSON text. */
  content_hash: Buffer;
  raw_payload_ids: string[];
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
}

/** Records that were deleted: one that comes again goes on from its last revision, which destinations may hold. */
export interface DeletedRecordsTable {
  environment_id: string;
  user_id: string;
  type: string;
  natural_key: string;
  /** The last revision of the record. */
  revision: number;
  deleted_at: DefaultedTimestamp;
}

export interface EventsTable {
  environment_id: string;
  event_id: string;
  type: string;
  user_id: string | null;
  reference_id: string | null;
  provider: string | null;
  /** The records in the body, in the same order. */
  records: Json<EventRecordRow[]>;
  /** Terra's `terra-reference`. */
  reference: string;
  trace_id: string;
  /** The exact JSON bytes that every attempt sends, as zstd; null where they, or most of them, are in the body store. */
  body: Buffer | null;
  body_bytes: number;
  /** The key there, which may be that of the record that was written with the event. */
  body_key: ColumnType<string | null, string | null | undefined, string | null>;
  /** The frames before and after the stored ones. */
  body_head: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
  body_tail: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
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
  /** The person whose deliveries to this destination go one after the other; null if order is not kept. */
  ordered_by: string | null;
  /** Pending, but not due: woken in parts when its destination takes events again (delivery/wake.ts). */
  parked: Generated<boolean>;
}

/** The pending deliveries that are not parked, each with the time from which a worker may take it. */
export interface DueDeliveriesTable {
  environment_id: string;
  delivery_id: string;
  due_at: Timestamp;
  /** The worker that has it until `due_at`; null when it was put off since. */
  taken_by: string | null;
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
  /** Null where nothing was sent, and in attempts of releases that did not keep it. */
  request: NullableJson<KeptRequest>;
  /** What could not be expressed in the destination's format; null where that is nothing. */
  left_out: NullableJson<readonly KeptLeftOut[]>;
}

/** A field of a record, or a whole record, that was not sent. */
export interface KeptLeftOut {
  /** The natural key. */
  readonly record: string;
  /** The field's path in the model; null: the whole record. */
  readonly field: string | null;
  readonly reason: string;
}

/** The account of what an attempt sent. The body is the event's, and not kept twice. */
export interface KeptRequest {
  /** The HTTP method, or the operation in the target's own words. */
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>> | null;
  /** The length of the body as it was sent. */
  readonly bytes: number;
}

export interface DestinationsTable {
  environment_id: string;
  destination_id: string;
  kind: string;
  settings_sealed: Buffer;
  /** The event types it takes; null takes all. */
  event_types: string[] | null;
  active: Generated<boolean>;
  /** Rises with every change of settings; senders are cached by id and revision. */
  revision: Generated<number>;
  /** The reason why Systole switched it off; null while it is active or was paused by hand. */
  disabled_code: string | null;
  /** The format of records; events without records are always Terra's. */
  format: Generated<DestinationFormat>;
  /** What becomes of records that have no form in the format. */
  when_unsupported: Generated<WhenUnsupported>;
  /** "link": data events arrive as a link to their body. */
  payload: Generated<PayloadMode>;
  /** The object store for linked bodies; null: we serve them. */
  link_destination_id: string | null;
  link_expires_seconds: Generated<number>;
  /** Whether the target keeps the order it is given, so that a person's events go one after the other. */
  ordered: Generated<boolean>;
  /** The time since which deliveries fail and none succeeded; null while they succeed. */
  failing_since: NullableTimestamp;
  /** When the operator was told that it keeps failing. */
  failure_noticed_at: NullableTimestamp;
  /** The end of the pause that a process's breaker made last; null since it closed. It counts while `failing_since` is set. */
  paused_until: NullableTimestamp;
  /** The failures in a row after which it paused. */
  paused_after: number | null;
  /** The next look at parked deliveries; null while none are parked. */
  wake_at: NullableTimestamp;
  /** The limit of deliveries awake at a time. */
  wake_size: Generated<number>;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
}

export type DestinationFormat = "terra" | "fhir" | "fit";
/** "terra": sent in Terra's form. "leave_out": not sent. */
export type WhenUnsupported = "terra" | "leave_out";
export type PayloadMode = "inline" | "link";

/** A built-in receiver: its destination posts to an address of this server that only its token names. */
export interface ReceiversTable {
  environment_id: string;
  receiver_id: string;
  destination_id: string;
  /** SHA-256 of the token in the path. */
  token_hash: Buffer;
  created_at: DefaultedTimestamp;
  /** The last look at it; a receiver nobody looks at is removed. */
  looked_at: DefaultedTimestamp;
}

/** A request that came to a receiver; the newest ones are kept. */
export interface ReceiverRequestsTable {
  environment_id: string;
  receiver_id: string;
  request_id: string;
  received_at: DefaultedTimestamp;
  headers: Json<Readonly<Record<string, string>>>;
  /** Byte for byte, after decompression. */
  body: Buffer;
  body_bytes: number;
  /** `verified`, or why its signature is not. */
  verdict: string;
  /** Read from the body: one that is not verified may say anything. */
  type: string | null;
  user_id: string | null;
  reference_id: string | null;
}

export interface RenormalizationsTable {
  environment_id: string;
  renormalization_id: string;
  state: RenormalizationState;
  filter: Json<RenormalizationFilter>;
  options: Json<RenormalizationOptions>;
  /** Rises with every batch and every resumption; a job with another step is outdated. */
  step: Generated<number>;
  cursor: Json<RenormalizationCursor>;
  totals: Json<RenormalizationTotals>;
  counts: Json<RenormalizationCounts>;
  differences: Json<readonly RenormalizationDifference[]>;
  /** The error code of a failed job. */
  code: string | null;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
  finished_at: NullableTimestamp;
}

/** Leaves that a provider sent and no ledger knows, and leaves that could not be read. */
export interface UnknownLeavesTable {
  kind: LeafKind;
  environment_id: string;
  provider: string;
  resource: string;
  path: string;
  times: ColumnType<string, number, number>;
  /** One of the payloads that contain it. */
  raw_payload_id: string;
  first_seen_at: Timestamp;
  last_seen_at: Timestamp;
}

export type LeafKind = "unknown" | "unreadable";

/** The admin tokens: the one in force, and those it replaced. */
export interface AdminTokensTable {
  token_hash: Buffer;
  origin: "made" | "given" | "rotated";
  /** Short enough to be guessed: accepted on loopback only. */
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

/** Somebody who signs in to the dashboard. */
export interface AccountsTable {
  account_id: string;
  /** The e-mail address in lower case. */
  email: string;
  role: "admin" | "viewer";
  /** argon2id in the PHC form, with its parameters. */
  password_hash: string;
  created_at: DefaultedTimestamp;
  password_changed_at: DefaultedTimestamp;
}

/** A browser that is signed in. */
export interface AccountSessionsTable {
  session_id: string;
  account_id: string;
  /** SHA-256 of the cookie; the cookie itself is never kept. */
  token_hash: Buffer;
  address: string | null;
  /** The User-Agent. */
  client: string | null;
  created_at: DefaultedTimestamp;
  used_at: DefaultedTimestamp;
  /** Moves on while it is used. */
  expires_at: Timestamp;
  /** Never moves. */
  ends_at: Timestamp;
  /** Whether a sign-in link opened it, and not a password. */
  by_link: Generated<boolean>;
}

/** Links that sign in once. */
export interface SignInLinksTable {
  /** SHA-256 of the secret in the link. */
  link_hash: Buffer;
  account_id: string;
  expires_at: Timestamp;
}

export interface AuditLogTable {
  audit_id: string;
  at: DefaultedTimestamp;
  /** Null if it concerns no single environment. */
  environment_id: string | null;
  actor_kind: "token" | "operator" | "process" | "command";
  actor_id: string;
  actor_name: string;
  /** Method and route. */
  action: string;
  /** The requested path, or the object of the action. */
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

/** The receipt of an erasure: the deleted rows, and the destinations that may hold copies. */
export interface ErasuresTable {
  environment_id: string;
  erasure_id: string;
  user_id: string;
  provider: string;
  /** Revoked at the provider, to be revoked by a task, or kept because another connection uses the account. */
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

/** Facts about the database itself, such as the sealed key check. The table is called `house`. */
export interface DatabaseFactsTable {
  key: string;
  value: Buffer;
}

export interface Tables {
  environments: EnvironmentsTable;
  brands: BrandsTable;
  api_keys: ApiKeysTable;
  provider_configs: ProviderConfigsTable;
  provider_subscriptions: ProviderSubscriptionsTable;
  connections: ConnectionsTable;
  auth_flows: AuthFlowsTable;
  agreements: AgreementsTable;
  widget_sessions: WidgetSessionsTable;
  upload_tokens: UploadTokensTable;
  ended_upload_tokens: EndedUploadTokensTable;
  invitation_codes: InvitationCodesTable;
  pushes: PushesTable;
  auth_tokens: AuthTokensTable;
  notifications: NotificationsTable;
  fetch_tasks: FetchTasksTable;
  provider_budgets: ProviderBudgetsTable;
  raw_payloads: RawPayloadsTable;
  raw_parts: RawPartsTable;
  grown_parts: GrownPartsTable;
  stale_records: StaleRecordsTable;
  uploads: UploadsTable;
  body_removals: BodyRemovalsTable;
  coverage: CoverageTable;
  records: RecordsTable;
  deleted_records: DeletedRecordsTable;
  events: EventsTable;
  deliveries: DeliveriesTable;
  due_deliveries: DueDeliveriesTable;
  attempts: AttemptsTable;
  destinations: DestinationsTable;
  receivers: ReceiversTable;
  receiver_requests: ReceiverRequestsTable;
  house: DatabaseFactsTable;
  admin_tokens: AdminTokensTable;
  operators: OperatorsTable;
  accounts: AccountsTable;
  account_sessions: AccountSessionsTable;
  sign_in_links: SignInLinksTable;
  audit_log: AuditLogTable;
  audit_outcomes: AuditOutcomesTable;
  renormalizations: RenormalizationsTable;
  unknown_leaves: UnknownLeavesTable;
  erasures: ErasuresTable;
}

export type Database = Kysely<Tables>;
/** Either the pool or an open transaction; related writes require a Transaction. */
export type DatabaseOrTransaction = Kysely<Tables> | Transaction<Tables>;
export type DatabaseTransaction = Transaction<Tables>;
