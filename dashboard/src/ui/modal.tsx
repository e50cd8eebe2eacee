/** Mantine's dialog, loaded with the first one that opens. */
import type { ModalProps } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";

const MantineModal = lazy(() => import("./mantine-modal.ts"));

export function Modal(props: ModalProps) {
  const { opened } = props;
  const [isWanted, setWanted] = useState(false);
  if (opened && !isWanted) setWanted(true);
  return isWanted ? (
    <Suspense>
      <ClosedFirst {...props} />
    </Suspense>
  ) : null;
}

/** A dialog gives the focus back to where it was when it opened: for that it must be drawn before, and closed. */
function ClosedFirst({ opened, ...rest }: ModalProps) {
  const [isDrawn, setDrawn] = useState(false);
  // Effects run once the code is there: until then the whole of this waits.
  useEffect(() => setDrawn(true), []);
  return <MantineModal opened={opened && isDrawn} {...rest} />;
}
