import { usePlace } from "../../shell/environment.ts";

/** The key that was made in this page: nobody can read it later. */
const madeKeys = new Map<string, string>();

export const rememberKey = (devId: string, key: string): void => void madeKeys.set(devId, key);

export const useMadeKey = (): string | undefined => madeKeys.get(usePlace().environment.dev_id);
