/** A flow that begins and ends in one request, so nothing of it is stored in between. */
import type { AuthFlow } from "../store/auth-flows.ts";

type Needed = Pick<AuthFlow, "environment_id" | "provider" | "user_id" | "reference_id">;

export const unstoredFlow = (flow: Needed & Partial<AuthFlow>): AuthFlow => ({
  state_hash: Buffer.alloc(0),
  redirect_uri: "",
  consent: null,
  is_further: false,
  scopes: null,
  code_verifier_sealed: null,
  success_url: null,
  failure_url: null,
  session_id: null,
  agreement: null,
  language: null,
  browser_hash: null,
  provider_user_id: null,
  grant_sealed: null,
  replaces: null,
  expires_at: new Date(),
  created_at: new Date(),
  ...flow,
});
