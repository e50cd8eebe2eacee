import { Empty } from "../ui/states.tsx";

export const NoEnvironment = () => (
  <Empty title="There is no environment">Restart the server: it makes one.</Empty>
);
