/** Deliveries, each with its attempts in a drawer. */
import { useState } from "react";
import { useApi } from "../../shell/environment.ts";
import { type Column, List, type Pages } from "../../ui/list.tsx";
import { State } from "../../ui/status.tsx";
import { When } from "../../ui/time.tsx";
import { targetOf } from "../destinations/target.ts";
import type { Delivery } from "./delivery.ts";
import { DeliveryDrawer } from "./delivery-drawer.tsx";

interface DeliveryTableProps {
  readonly rows: readonly Delivery[];
  readonly pages?: Pages;
}

export function DeliveryTable({ rows, pages }: DeliveryTableProps) {
  const [opened, setOpened] = useState<string | null>(null);
  const destinations = useApi().useQuery("get", "/admin/v1/destinations", {});
  const nameOf = (id: string): string => {
    const found = destinations.data?.data.find((one) => one.id === id);
    return found === undefined ? "deleted" : targetOf(found);
  };
  const columns: Column<Delivery>[] = [
    {
      name: "Destination",
      cell: (one) => (
        <button type="button" className="plain-button plain-link" onClick={() => setOpened(one.id)}>
          {nameOf(one.destination_id)}
        </button>
      ),
    },
    { name: "Type", width: "11%", cell: ({ type }) => type ?? "–" },
    { name: "Person", width: "14%", cell: (one) => one.reference_id ?? one.user_id ?? "–" },
    { name: "Outcome", width: "13%", cell: ({ state }) => <State of={state} /> },
    { name: "Attempts", width: "9%", isNumber: true, cell: ({ attempts }) => attempts },
    { name: "Last answer", width: "14%", cell: (one) => lastAnswer(one) },
    { name: "Next try", width: "10%", cell: (one) => <When at={one.next_attempt_at} /> },
    { name: "Planned", width: "11%", cell: (one) => <When at={one.created_at} /> },
  ];
  const shown = rows.find(({ id }) => id === opened);
  return (
    <>
      <List
        label="Deliveries"
        rows={rows}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={({ id }) => setOpened(id)}
        pages={pages}
      />
      <DeliveryDrawer
        delivery={shown}
        destination={shown === undefined ? "" : nameOf(shown.destination_id)}
        onClose={() => setOpened(null)}
      />
    </>
  );
}

function lastAnswer({ last_status: status, last_code: code }: Delivery): string {
  if (status === null && code === null) return "–";
  return [status, code].filter((part) => part !== null).join(" · ");
}
