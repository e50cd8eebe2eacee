import { Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./step.module.css";

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly isDone: boolean;
  readonly isNext: boolean;
  /** The state of the step now. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

export function Step({ number, title, isDone, isNext, children, actions }: StepProps) {
  return (
    <li className={classes.step} data-next={isNext}>
      <span className={classes.mark} data-done={isDone}>
        {isDone ? <IconCheck size={15} stroke={2.5} aria-hidden /> : <span aria-hidden>{number}</span>}
        <span className="visually-hidden">{isDone ? "Done" : `Step ${number}, to do`}</span>
      </span>
      <div style={{ minWidth: 0 }}>
        <Text fw={550} size="md">
          {title}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {children}
        </Text>
      </div>
      <div className={classes.actions}>{actions}</div>
    </li>
  );
}
