import type { ReactNode } from "react";
import { useMayChange } from "../shell/environment.ts";

interface ChangeableProps {
  /** A further condition for using the controls. */
  readonly also?: boolean;
  readonly children: ReactNode;
}

/** Controls that a viewer sees and cannot use. */
export const Changeable = ({ also = true, children }: ChangeableProps) => (
  <fieldset disabled={!(useMayChange() && also)} style={{ border: 0, margin: 0, padding: 0 }}>
    {children}
  </fieldset>
);
