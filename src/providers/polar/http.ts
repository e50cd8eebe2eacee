/** Sends one request to Polar. Success is 2xx; everything else is thrown as a classified error. */
import { type Call, call } from "../kit/call.ts";
import type { ProviderAccess, ProviderHttp, ProviderResponse } from "../provider.ts";
import { failureRules } from "./failure.ts";
import type { PolarSettings } from "./settings.ts";

/** Access to Polar with one client's credentials. */
export type Polar = ProviderAccess<PolarSettings>;

export const callPolar = (http: ProviderHttp, options: Call): Promise<ProviderResponse> =>
  call(http, options, failureRules);
