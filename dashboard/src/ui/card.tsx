/** A card that leads somewhere, for galleries. */
import { UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./card.module.css";

export const CardLink = ({ to, children }: { readonly to: string; readonly children: ReactNode }) => (
  <UnstyledButton component={Link} to={to} className={classes.card}>
    {children}
  </UnstyledButton>
);
