import type { Scopes } from './scopes.ts';
import type { Site } from './sites.ts';
import type { Workbench } from './workbench.ts';

/** True for members of a statement list: there a statement may be removed, or others put beside it. */
export function isListed(site: Site): boolean {
  const { parent } = site;
  return (
    parent !== null &&
    site.index >= 0 &&
    (parent.node.type === 'Program' ||
      parent.node.type === 'BlockStatement' ||
      parent.node.type === 'SwitchCase')
  );
}

/** A statement without statements inside that declares nothing. */
export function isSimple(site: Site): boolean {
  const { node } = site;
  if (node.type === 'ExpressionStatement') return node.directive === undefined && !hasFunction(site);
  if (node.type === 'BreakStatement' || node.type === 'ContinueStatement') return node.label === null;
  return (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') && !hasFunction(site);
}

function hasFunction(site: Site): boolean {
  return /Function/.test(site.node.type) || site.children.some(hasFunction);
}

/** The statement's text, ending so that another may follow on the same line. */
export function closed(site: Site): string {
  const simple = /^(Expression|Return|Throw|Break|Continue|DoWhile)Statement$/.test(site.node.type);
  if (!simple) {
    // `if (a) b` ends as its last part does.
    const last = site.children.at(-1);
    return last !== undefined &&
      last.node.end === site.node.end &&
      !site.text.endsWith(';') &&
      last.node.type !== 'BlockStatement'
      ? site.text.slice(0, last.node.start - site.node.start) + closed(last)
      : site.text;
  }
  return site.text.endsWith(';') ? site.text : `${site.text};`;
}

export function neighbours(site: Site): { readonly previous: Site | null; readonly next: Site | null } {
  const listed = site.parent?.children.filter((child) => child.key === site.key && child.index >= 0) ?? [];
  const at = listed.indexOf(site);
  return { previous: listed[at - 1] ?? null, next: listed[at + 1] ?? null };
}

/** White space in front of the line that holds this offset. */
export function indentAt(source: string, offset: number): string {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(source.slice(start, offset))?.[0] ?? '';
}

/** The statement with its line break where nothing else stands on its lines, so that removing it leaves no hole. */
export function wholeLines(site: Site, source: string): { readonly start: number; readonly end: number } {
  const { start, end } = site.node;
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = source.indexOf('\n', end);
  const alone = source.slice(lineStart, start).trim() === '';
  if (!alone || lineEnd < 0 || source.slice(end, lineEnd).trim() !== '') return { start, end };
  return { start: lineStart, end: lineEnd + 1 };
}

export function insertBefore(bench: Workbench, operator: string, site: Site, text: string): void {
  const { start } = site.node;
  bench.edit(operator, start, start, `${text}\n${indentAt(bench.program.source, start)}`);
}

export function insertAfter(bench: Workbench, operator: string, site: Site, text: string): void {
  const { source } = bench.program;
  const { start, end } = site.node;
  const open = closed(site) === site.text ? '' : ';';
  bench.edit(operator, end, end, `${open}\n${indentAt(source, start)}${text}`);
}

/** Names of the variables an expression or statement uses. */
export function namesOf(site: Site, scopes: Scopes): readonly string[] {
  const own = scopes.bindingOf(site)?.name;
  return [...(own === undefined ? [] : [own]), ...site.children.flatMap((child) => namesOf(child, scopes))];
}
