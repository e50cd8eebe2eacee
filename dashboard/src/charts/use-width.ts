/** The width of an element, as it is now. */
import { type RefObject, useEffect, useState } from "react";

/** The width until the element is measured. */
const firstWidth = 720;

export function useWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(firstWidth);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const watching = new ResizeObserver(() => setWidth(element.clientWidth));
    watching.observe(element);
    return () => watching.disconnect();
  }, [frame]);
  return width;
}
