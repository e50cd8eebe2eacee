/** The button that leads to a link on which a person connects their wearable. */
import { lazy, Suspense } from "react";
import { DialogButton } from "../../ui/dialog.tsx";
import { Loading } from "../../ui/states.tsx";

/** Loaded when it is opened: its fields are no part of the first load. */
const LinkForm = lazy(async () => ({ default: (await import("./link-form.tsx")).LinkForm }));

export const ConnectPerson = ({ isNext }: { readonly isNext: boolean }) => (
  <DialogButton name="Make a link" title="Connect a person" variant={isNext ? "filled" : "default"}>
    {(close) => (
      <Suspense fallback={<Loading />}>
        <LinkForm onDone={close} />
      </Suspense>
    )}
  </DialogButton>
);
