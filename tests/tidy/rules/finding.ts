/** One thing that is out of order, as `path:line what`; lines count from 1. */
export type Finding = string;

/** Looks at one file. Paths are relative to the repository's root, with forward slashes. */
export type TidyRule = (path: string, text: string) => readonly Finding[];

export function finding(path: string, line: number, what: string): Finding {
  return `${path}:${line} ${what}`;
}
