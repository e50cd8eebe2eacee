import { Button } from "@mantine/core";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { Page } from "../ui/page.tsx";
import { Empty, Trouble } from "../ui/states.tsx";

export function TroubledScreen({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Page title="Something is wrong">
      <Trouble error={error} retry={() => router.invalidate()} />
    </Page>
  );
}

export function MissingScreen() {
  return (
    <Page title="There is no such screen">
      <Empty
        title="Nothing is here"
        action={
          <Button component={Link} to="/">
            Go to the start
          </Button>
        }
      >
        The address may be misspelt, or what it named is gone.
      </Empty>
    </Page>
  );
}
