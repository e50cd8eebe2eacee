import { Button } from "@mantine/core";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { Empty, Trouble } from "../ui/states.tsx";

export function TroubledScreen({ error }: ErrorComponentProps) {
  const router = useRouter();
  return <Trouble error={error} retry={() => router.invalidate()} />;
}

export function MissingScreen() {
  return (
    <Empty
      title="There is no such screen"
      action={
        <Button component={Link} to="/">
          Go to the start
        </Button>
      }
    >
      The address may be misspelt, or what it named is gone.
    </Empty>
  );
}
