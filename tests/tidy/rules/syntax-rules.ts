import ts from 'typescript';
import { type Finding, finding, type TidyRule } from './finding.ts';

/** A rule over the syntax tree: `visit` is called for every node and says what is wrong with it, if anything. */
const syntaxRule =
  (visit: (node: ts.Node, file: ts.SourceFile) => string | null): TidyRule =>
  (path, text) => {
    const file = parse(path, text);
    const found: Finding[] = [];
    const walk = (node: ts.Node): void => {
      const what = visit(node, file);
      if (what !== null) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
        found.push(finding(path, line + 1, what));
      }
      ts.forEachChild(node, walk);
    };
    walk(file);
    return found;
  };

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
}

export const noDefaultExports: TidyRule = syntaxRule((node) => {
  if (ts.isExportAssignment(node)) return 'a default export';
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ? 'a default export' : null;
});

export const noAny: TidyRule = syntaxRule((node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : null));

/** A second barrel would be a second public API. */
export const noReExports: TidyRule = syntaxRule((node) =>
  ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined ? 'a re-export' : null,
);

const ambientNames = new Set([
  ...['process', 'console', 'performance', 'crypto', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'],
  ...['queueMicrotask', 'globalThis', 'global', 'require', 'WeakRef', 'FinalizationRegistry', 'Promise'],
  ...[
    'Intl',
    'Atomics',
    'SharedArrayBuffer',
    'WebSocket',
    'EventSource',
    'BroadcastChannel',
    'MessageChannel',
  ],
  ...['Worker', 'XMLHttpRequest', 'navigator', 'localStorage', 'sessionStorage', 'eval', 'Function'],
]);

/** Members whose result depends on the machine's time zone or language, whatever they are asked of. */
const localMembers =
  /^(toLocale.*|localeCompare|getTimezoneOffset|toDateString|toTimeString|[gs]et(FullYear|Month|Date|Day|Hours|Minutes))$/;

/**
 * Clock, chance and effects in a pure room, where everything has to come in as data. Names of members, of parameters and in
 * types are not meant; what a comment says is not seen at all.
 */
export const noAmbientState: TidyRule = syntaxRule((node) => {
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0) {
    return 'new Date()';
  }
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments?.length ?? 0) > 1) {
    return 'new Date(year, month, …)';
  }
  if (ts.isMetaProperty(node)) return 'import.meta';
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return 'import()';
  if (ts.isPropertyAccessExpression(node)) {
    if (isNamed(node.expression, 'Date') && node.name.text === 'now') return 'Date.now';
    if (isNamed(node.expression, 'Math') && node.name.text === 'random') return 'Math.random';
    if (localMembers.test(node.name.text)) return node.name.text;
  }
  if (!ts.isIdentifier(node) || !ambientNames.has(node.text)) return null;
  return isReference(node) ? node.text : null;
});

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** True where an identifier stands for a value in scope, false where it only names a member or belongs to a type. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return false;
  return !(ts.isTypeElement(parent) || ts.isClassElement(parent) || ts.isBindingElement(parent));
}
