/** The services that the HTTP API needs, made by `src/services.ts`. */
import type { FastifyPluginAsync } from "fastify";
import type { Registry } from "prom-client";
import type { AuthorizationRequest } from "../connections/authorize.ts";
import type { AuthorizationCallback } from "../connections/complete.ts";
import type { PageConnection } from "../connections/on-page.ts";
import type { AuthorizationOutcome } from "../connections/outcome.ts";
import type { ProbeResult } from "../connections/probe.ts";
import type { RedeemedConnection, TokenRedemption } from "../connections/redeem-token.ts";
import type { QuestionId, ShownQuestion } from "../connections/replacement.ts";
import type { NewSandboxPerson, WatchSync } from "../connections/sandbox.ts";
import type { Converter } from "../converting/converter.ts";
import type { DeliveryReceipt, Destination, SenderContext } from "../destinations/destination.ts";
import type { ConfiguredExports } from "../export/contract.ts";
import type { AcceptedUpload, SentUpload } from "../ingest/accept-upload.ts";
import type { Previews } from "../previews/previews.ts";
import type { PastedKey, Provider } from "../providers/provider.ts";
import type { Connection, ConnectionId } from "../store/connections.ts";
import type { DestinationId } from "../store/destinations.ts";
import type { Erasure } from "../store/erasures.ts";
import type { ProviderConfigId } from "../store/provider-config-id.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import type { BudgetSource } from "../telemetry/provider-metrics.ts";

export interface ApiServices {
  readonly store: Store;
  readonly log: Logger;
  /** The address by which browsers and providers reach this server, without a trailing slash. */
  readonly publicUrl: string;
  /** How records are written in other formats. */
  readonly exports: ConfiguredExports;
  readonly converter: Converter;
  readonly providers: readonly Provider[];
  /** Checks the addresses among a provider's parsed settings. @throws ProviderError PROVIDER_ADDRESS_… */
  assertProviderAddresses(provider: Provider, settings: unknown): void;
  readonly authorization: AuthorizationService;
  /** Ends a connection and erases its data. @throws SystoleError USER_NOT_FOUND */
  disconnect(request: ConnectionId & { readonly signal: AbortSignal }): Promise<Erasure>;
  /** Runs one check of a provider's probe. @throws SystoleError PROBE_MISSING, PROBE_CHECK_UNKNOWN */
  runCheck(
    connection: Connection,
    check: { readonly name: string; readonly options: readonly string[] },
  ): Promise<ProbeResult>;
  /** Asks the provider for new data at once. Returns the number of resources. @throws SystoleError USER_NOT_FOUND */
  refresh(id: ConnectionId): Promise<number>;
  /** Makes or moves the provider's webhook. Called after its settings were changed. */
  providerConfigured(id: ProviderConfigId): void;
  /**
   * Returns what is left of a provider's limits for an environment's client.
   * @throws SystoleError PROVIDER_NOT_CONFIGURED
   */
  budgetsOf(id: ProviderConfigId): Promise<readonly BudgetSource[]>;
  /** Looks after the webhooks at all providers now; the result is in their configurations. */
  repairWebhooks(signal: AbortSignal): Promise<void>;
  readonly previews: Previews;
  readonly sandbox: SandboxService;
  readonly destinations: DestinationService;
  readonly metrics: Registry;
  /** Accepts an upload of a known connection. @throws SystoleError UPLOAD_… */
  acceptUpload(connection: Connection, sent: SentUpload): Promise<AcceptedUpload>;
  /** `POST /v2/hooks/{provider}`, which receives providers' notifications. */
  readonly hooks: FastifyPluginAsync;
  /** `POST /v2/uploads/{provider}/{format}`, which receives uploads of people's own clients. */
  readonly uploads: FastifyPluginAsync;
  /** The same for formats of files, which are received in pieces. */
  readonly files: FastifyPluginAsync;
  /** `/api/v1/…`, which open-wearables' SDKs call. */
  readonly openWearables: FastifyPluginAsync;
}

export interface AuthorizationService {
  /**
   * @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED, REDIRECT_URL_INVALID, REDIRECT_ORIGIN_REFUSED,
   * USER_NOT_FOUND, CONSENT_UNKNOWN
   */
  begin(request: AuthorizationRequest): Promise<{ userId: string; authUrl: string }>;
  /** @throws SystoleError PROVIDER_UNKNOWN, OAUTH_STATE_INVALID, OAUTH_OTHER_BROWSER, SESSION_USED */
  complete(callback: AuthorizationCallback): Promise<AuthorizationOutcome>;
  /** @throws SystoleError PROVIDER_KEY_REFUSED, SESSION_USED, ProviderError */
  connectWithKey(page: PageConnection, pasted: PastedKey, signal: AbortSignal): Promise<AuthorizationOutcome>;
  /** @throws SystoleError SESSION_USED */
  connectForUploads(
    page: PageConnection,
  ): Promise<{ readonly outcome: AuthorizationOutcome; readonly uploadToken: string }>;
  /** @throws SystoleError AUTH_TOKEN_…, PROVIDER_UNKNOWN, PROVIDER_TAKES_NO_UPLOADS */
  redeemToken(redemption: TokenRedemption): Promise<RedeemedConnection>;
  decline(page: PageConnection): Promise<AuthorizationOutcome>;
  /** @throws SystoleError REPLACEMENT_EXPIRED, OAUTH_OTHER_BROWSER */
  showQuestion(id: QuestionId): Promise<ShownQuestion>;
  /** @throws SystoleError REPLACEMENT_EXPIRED, OAUTH_OTHER_BROWSER, SESSION_USED */
  answerQuestion(answer: QuestionId & { readonly replace: boolean }): Promise<AuthorizationOutcome>;
}

/** Providers that are played by their sandbox. */
export interface SandboxService {
  list(environmentId: string, signal: AbortSignal): Promise<readonly Provider[]>;
  /**
   * Makes a person and connects them. Returns their user_id.
   * @throws SystoleError SANDBOX_MISSING, SANDBOX_REFUSED, SANDBOX_PERSON_NOT_CONNECTED, PROVIDER_UNKNOWN
   */
  connect(person: NewSandboxPerson): Promise<string>;
  /** Returns the number of bodies by resource. @throws SystoleError SANDBOX_MISSING, SANDBOX_REFUSED */
  syncWatch(connection: Connection, sync: WatchSync): Promise<Readonly<Record<string, number>>>;
}

export interface DestinationService {
  /** Every kind that can be made, in the order shown. */
  readonly kinds: readonly string[];
  /** @throws SystoleError DESTINATION_KIND_UNKNOWN */
  load(kind: string): Promise<Destination>;
  /** The tools that a destination gets while its settings are tested. */
  readonly context: SenderContext;
  /** Tests a destination as it is stored. @throws DeliveryError, SystoleError RESOURCE_NOT_FOUND */
  check(id: DestinationId, signal: AbortSignal): Promise<DeliveryReceipt>;
}
