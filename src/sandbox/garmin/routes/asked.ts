/** Days and ranges of days in a request. Garmin's ranges include both ends. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { daysBetween, isDate } from "../../kit/clock.ts";
import { param, query } from "../../kit/http.ts";
import { refusal } from "../refusal.ts";

const required = (text: string | undefined): string => {
  if (!isDate(text)) throw refusal(400);
  return text;
};

export const dayInPath = (request: FastifyRequest): string => required(param(request, "day"));
export const dayInQuery = (request: FastifyRequest, name: string): string => required(query(request, name));

export interface Range {
  readonly from: string;
  readonly to: string;
}

/** What a range that is too long is answered with, beside the days that it may have. */
export interface Longest {
  readonly days: number;
  readonly status: 400 | 500;
}

function checked(range: Range, { days, status }: Longest): Range {
  const length = daysBetween(range.from, range.to) + 1;
  if (length < 1) throw refusal(400);
  if (length > days) throw refusal(status);
  return range;
}

export const rangeInPath = (request: FastifyRequest, longest: Longest): Range =>
  checked({ from: required(param(request, "from")), to: required(param(request, "to")) }, longest);

export const rangeInQuery = (request: FastifyRequest, longest: Longest): Range =>
  checked({ from: dayInQuery(request, "startDate"), to: dayInQuery(request, "endDate") }, longest);

export const sendJson = (reply: FastifyReply, text: string): FastifyReply =>
  reply.type("application/json").send(text);
