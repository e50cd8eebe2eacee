/** The width of an element, as it is now. */
import { type RefObject, useEffect, useState } from "react";

/** @param first the width until the element was measured */
export function useWidth(frame: RefObject<HTMLElement | null>, first = 720): number {
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const watching = new ResizeObserver(() => setWidth(element.clientWidth));
    watching.observe(element);
    return () => watching.disconnect();
  }, [frame]);
  return width;
}
