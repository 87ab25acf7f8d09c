import ts from 'typescript';
import { parse } from '../tidy/rules/syntax-rules.ts';

/**
 * Names of the functions that a module offers: those it exports, and the methods of the objects and classes that it exports. What
 * is private is reached through them.
 */
export function declaredFunctions(path: string, text: string): readonly string[] {
  const names: string[] = [];
  for (const statement of parse(path, text).statements) {
    if (!isExported(statement)) continue;
    if (ts.isFunctionDeclaration(statement)) names.push(statement.name?.text ?? '');
    else if (ts.isClassDeclaration(statement)) names.push(...methodsOf(statement.members));
    else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations)
        names.push(...functionsOf(name.getText(), initializer));
    }
  }
  return names;
}

function functionsOf(name: string, initializer: ts.Expression | undefined): readonly string[] {
  if (initializer === undefined) return [];
  if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return [name];
  return ts.isObjectLiteralExpression(initializer) ? methodsOf(initializer.properties) : [];
}

function methodsOf(members: ts.NodeArray<ts.ClassElement | ts.ObjectLiteralElementLike>): readonly string[] {
  return members.flatMap((member) => {
    if (ts.isMethodDeclaration(member) && !ts.isPrivateIdentifier(member.name))
      return [member.name.getText()];
    const isFunction = ts.isPropertyAssignment(member) && ts.isArrowFunction(member.initializer);
    return isFunction ? [member.name.getText()] : [];
  });
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}
