/** A socket for drivers that connect by host name: the name is looked up through the address guard. */
import { Socket } from "node:net";
import type { SenderContext } from "../destination.ts";

export function guardedSocket({ lookup }: Pick<SenderContext, "lookup">): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  const guarded = (port: number, host: string): Socket => connect({ port, host, lookup });
  return Object.assign(socket, { connect: guarded });
}
