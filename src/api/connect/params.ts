/** The parameters in the paths of connect pages. */
import { z } from "zod";

export const sessionParams = z.object({ session: z.string().max(64) });
export const providerParams = sessionParams.extend({ provider: z.string().max(64) });
