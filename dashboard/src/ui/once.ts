import { useEffect, useRef } from "react";

/** Acts once, when the component is first shown: effects may run twice. */
export function useOnce(act: () => void): void {
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    act();
  }, [act]);
}
