import { When } from "./time.tsx";

/** The state of a key or a token. */
export const InUse = ({ revokedAt }: { readonly revokedAt: string | null }) =>
  revokedAt === null ? (
    "in use"
  ) : (
    <>
      revoked <When at={revokedAt} />
    </>
  );
