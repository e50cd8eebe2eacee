import { inUtc, When } from "./time.tsx";

interface InUseProps {
  readonly revokedAt: string | null;
  readonly endsAt?: string | null;
}

/** The state of a key or a token. */
export function InUse({ revokedAt, endsAt = null }: InUseProps) {
  if (revokedAt !== null) {
    return (
      <>
        revoked <When at={revokedAt} />
      </>
    );
  }
  if (endsAt === null) return "in use";
  return hasEnded(endsAt) ? (
    <>
      ended <When at={endsAt} />
    </>
  ) : (
    <>
      replaced; valid until <time dateTime={endsAt}>{inUtc(endsAt)}</time>
    </>
  );
}

/** Tells whether a time has come. */
export const hasEnded = (at: string | null): boolean => at !== null && Date.parse(at) <= Date.now();
