import ts from 'typescript';
import { type Finding, finding, type TidyRule } from './finding.ts';
import { parse } from './syntax-rules.ts';

/** One exported declaration. */
export interface Exported {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'interface' | 'type' | 'value';
  readonly line: number;
  readonly documented: boolean;
}

/** What a file declares and exports, in order. */
function exportsOf(path: string, text: string): readonly Exported[] {
  const file = parse(path, text);
  return file.statements.flatMap((statement): Exported[] => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    const line = file.getLineAndCharacterOfPosition(statement.getStart(file)).line + 1;
    const documented = ts.getJSDocCommentsAndTags(statement).length > 0;
    const declared = (name: string, kind: Exported['kind']): Exported => ({ name, kind, line, documented });
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => declared(name.getText(file), 'value'));
    }
    if (ts.isFunctionDeclaration(statement)) return [declared(statement.name?.text ?? '', 'function')];
    if (ts.isClassDeclaration(statement)) return [declared(statement.name?.text ?? '', 'class')];
    if (ts.isInterfaceDeclaration(statement)) return [declared(statement.name.text, 'interface')];
    if (ts.isTypeAliasDeclaration(statement)) return [declared(statement.name.text, 'type')];
    return [];
  });
}

/** Asks for a docstring on what `wanted` picks. A first overload carries the text for those that follow. */
export const documented =
  (wanted: (exported: Exported, path: string) => boolean): TidyRule =>
  (path, text) => {
    const seen = new Set<string>();
    return exportsOf(path, text).flatMap((exported): Finding[] => {
      if (seen.has(exported.name) || !wanted(exported, path)) return [];
      seen.add(exported.name);
      const what = `${exported.kind} ${exported.name} has no docstring`;
      return exported.documented ? [] : [finding(path, exported.line, what)];
    });
  };

/** Names that a barrel passes on, by the file they come from (relative to the barrel). */
export function passedOn(path: string, text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Map<string, Set<string>>();
  for (const statement of parse(path, text).statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) continue;
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    const names = files.get(from) ?? new Set<string>();
    files.set(from, names);
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
    for (const element of statement.exportClause.elements)
      names.add((element.propertyName ?? element.name).text);
  }
  return files;
}

/**
 * `EventStore` lives in `event-store.ts`, and `openMemoryStore` may live in `memory.ts`: one name holds the other. Only a file
 * with a single export can be wrong about it.
 */
export const namedAfterItsExport =
  (allowed: Readonly<Record<string, string>>): TidyRule =>
  (path, text) => {
    const [only, ...others] = new Set(exportsOf(path, text).map(({ name }) => name));
    if (only === undefined || others.length > 0 || path in allowed) return [];
    const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '');
    const [left, right] = [only.toLowerCase(), file.replaceAll('-', '')];
    return left.includes(right) || right.includes(left) ? [] : [finding(path, 1, `exports ${only} alone`)];
  };
