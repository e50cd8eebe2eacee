import type { ReactNode } from "react";
import { useMayChange } from "../shell/environment.ts";

/** Controls that a viewer sees and cannot use. */
export const Changeable = ({ children }: { readonly children: ReactNode }) => (
  <fieldset disabled={!useMayChange()} style={{ border: 0, margin: 0, padding: 0 }}>
    {children}
  </fieldset>
);
