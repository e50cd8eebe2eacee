/** A box in which something wide is scrolled sideways; the keyboard reaches it when there is something to scroll. */
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from "react";

interface ScrolledProps {
  readonly label: string | undefined;
  readonly children: ReactNode;
  readonly style?: CSSProperties;
}

export function Scrolled({ label, children, style }: ScrolledProps) {
  const box = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watching = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth));
    watching.observe(element);
    for (const child of element.children) watching.observe(child);
    return () => watching.disconnect();
  }, []);
  const reached = isWide ? { tabIndex: 0, role: "group", "aria-label": label ?? "Scrolled sideways" } : {};
  return (
    <div ref={box} {...reached} style={{ ...style, overflowX: "auto" }}>
      {children}
    </div>
  );
}
