import { ProviderError } from "../provider.ts";
import { parseTolerantly } from "./tolerant-json.ts";

/** Decodes a JSON body, which most resources have. @throws ProviderError PROVIDER_BODY_INVALID */
export function decodeJson(resource: string, body: Buffer): unknown {
  try {
    return parseTolerantly(body.toString("utf8"));
  } catch (cause) {
    throw new ProviderError("PROVIDER_BODY_INVALID", "later", { resource, reason: "not JSON" }, { cause });
  }
}
