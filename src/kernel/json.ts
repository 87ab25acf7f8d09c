/** What may stand in an event's data: no Date, BigInt, NaN, undefined or Map. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
