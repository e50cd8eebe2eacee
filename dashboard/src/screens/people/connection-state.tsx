import { Status } from "../../ui/status.tsx";

interface Stated {
  readonly state: "active" | "revoked";
  readonly error: { readonly code: string } | null;
}

export function ConnectionState({ user: { state, error } }: { readonly user: Stated }) {
  if (state === "revoked") return <Status tone="bad">Ended</Status>;
  if (error !== null) return <Status tone="warn">In trouble</Status>;
  return <Status tone="good">Active</Status>;
}
