/**
 * The contract of a provider plugin: one declaration that the API, the connect page, ingest and the docs all read.
 * A provider declares the capabilities it has; what it does not declare does not exist for it. Nothing outside
 * `src/providers/<slug>/` names a provider.
 */
import type { z } from "zod";
import type { DataType } from "../models/index.ts";
import type { Api } from "./contract/apis.ts";
import type { Connecting } from "./contract/connecting.ts";
import type { Normalizer } from "./contract/normalizers.ts";
import type { Notifications } from "./contract/notifications.ts";
import type { Probe } from "./contract/probe.ts";
import type { Resource } from "./contract/resources.ts";
import type { Subscription } from "./contract/subscription.ts";
import type { UploadFormat } from "./contract/uploads.ts";

export type * from "./contract/access.ts";
export type * from "./contract/apis.ts";
export type * from "./contract/connecting.ts";
export { PartlyReadableError, ProviderError } from "./contract/failure.ts";
export type * from "./contract/limits.ts";
export type * from "./contract/normalizers.ts";
export type * from "./contract/notifications.ts";
export type * from "./contract/probe.ts";
export * from "./contract/resources.ts";
export type * from "./contract/subscription.ts";
export * from "./contract/text.ts";
export * from "./contract/uploads.ts";

/** The declaration of a provider. */
export interface Provider<Settings extends z.ZodType = z.ZodType> {
  /** Terra's name of the provider, in capitals. */
  readonly name: string;
  /** The path segment: small letters, digits and hyphens. */
  readonly slug: string;
  readonly displayName: string;
  /** The data types of its records. A read of another type is answered DATA_TYPE_UNSUPPORTED. */
  readonly dataTypes: readonly DataType[];
  /**
   * Credentials and addresses, each set by the environment variable `<SLUG>_<SETTING>` or by the admin API. `.meta({
   * secret: true })` marks a value to be masked; `.meta({ address: true })` an address that receives secrets; with
   * `called: true` besides, one that Systole itself calls.
   */
  readonly settings: Settings;
  readonly connecting: Connecting<z.output<Settings>>;
  readonly notifications?: Notifications<z.output<Settings>>;
  readonly subscription?: Subscription<z.output<Settings>>;
  /**
   * The formats in which clients push data, keyed by the last segment of their path. The first is the one that developers'
   * own apps are told of.
   */
  readonly uploads?: Readonly<Record<string, UploadFormat>>;
  /** The APIs that serve its resources, by name. Empty where nothing can be asked for. */
  readonly apis: Readonly<Record<string, Api<z.output<Settings>>>>;
  readonly resources: readonly Resource[];
  readonly normalizers: readonly Normalizer[];
  /** The questions that only a real account can answer: `systole <slug> probe`. */
  readonly probe?: Probe<z.output<Settings>>;
  /** The version of the mapping. It is stored with every record made by it. */
  readonly mapperVersion: number;
}

/** Checks the declaration and keeps the type of its settings. */
export function defineProvider<Settings extends z.ZodType>(provider: Provider<Settings>): Provider<Settings> {
  return provider;
}
