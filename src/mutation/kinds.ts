import type { AnyNode } from 'acorn';

/** What a value seems to be, as far as the text shows. `unknown` goes with everything. */
export type Kind = 'number' | 'string' | 'boolean' | 'array' | 'function' | 'object' | 'unknown';

const stringMethods = new Set(
  'toUpperCase toLowerCase trim trimStart trimEnd charAt replace replaceAll padStart padEnd repeat join substring substr toString toFixed fromCharCode'.split(
    ' ',
  ),
);
const arrayMethods = new Set(
  'map filter sort reverse split flat flatMap keys values entries from fill splice toSorted toReversed'.split(
    ' ',
  ),
);
const numberMethods = new Set('indexOf lastIndexOf charCodeAt codePointAt findIndex push unshift'.split(' '));
const booleanMethods = new Set(
  'includes every some startsWith endsWith has test isArray isInteger isNaN'.split(' '),
);

/** Kind of an expression by its form alone; `kindOfName` answers for identifiers. */
export function kindOf(node: AnyNode, kindOfName: (name: string) => Kind): Kind {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number') return 'number';
      if (typeof node.value === 'string') return 'string';
      return typeof node.value === 'boolean' ? 'boolean' : 'unknown';
    case 'TemplateLiteral':
      return 'string';
    case 'ArrayExpression':
      return 'array';
    case 'ObjectExpression':
      return 'object';
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return 'function';
    case 'Identifier':
      if (node.name === 'Infinity' || node.name === 'NaN') return 'number';
      return kindOfName(node.name);
    case 'UpdateExpression':
      return 'number';
    case 'UnaryExpression':
      if (node.operator === '!') return 'boolean';
      return node.operator === 'typeof' ? 'string' : node.operator === 'void' ? 'unknown' : 'number';
    case 'BinaryExpression':
      return kindOfBinary(node.operator, kindOf(node.left, kindOfName), kindOf(node.right, kindOfName));
    case 'LogicalExpression': {
      const left = kindOf(node.left, kindOfName);
      return left === kindOf(node.right, kindOfName) ? left : 'unknown';
    }
    case 'ConditionalExpression': {
      const yes = kindOf(node.consequent, kindOfName);
      return yes === kindOf(node.alternate, kindOfName) ? yes : 'unknown';
    }
    case 'AssignmentExpression':
      return kindOf(node.right, kindOfName);
    case 'NewExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'Array' ? 'array' : 'object';
    case 'MemberExpression':
      return !node.computed &&
        node.property.type === 'Identifier' &&
        /^(length|size)$/.test(node.property.name)
        ? 'number'
        : 'unknown';
    case 'CallExpression':
      return kindOfCall(node.callee);
    default:
      return 'unknown';
  }
}

/** True where a value of one kind may stand where the other did. */
export function goesWith(left: Kind, right: Kind): boolean {
  return left === 'unknown' || right === 'unknown' || left === right;
}

function kindOfBinary(operator: string, left: Kind, right: Kind): Kind {
  if (/^([<>]=?|[!=]==?|in|instanceof)$/.test(operator)) return 'boolean';
  if (operator !== '+') return 'number';
  if (left === 'string' || right === 'string') return 'string';
  return left === 'number' && right === 'number' ? 'number' : 'unknown';
}

function kindOfCall(callee: AnyNode): Kind {
  if (callee.type === 'Identifier') {
    if (/^(Number|parseInt|parseFloat)$/.test(callee.name)) return 'number';
    if (callee.name === 'String') return 'string';
    return callee.name === 'Boolean' || callee.name === 'isNaN' ? 'boolean' : 'unknown';
  }
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') {
    return 'unknown';
  }
  if (callee.object.type === 'Identifier' && callee.object.name === 'Math') return 'number';
  const method = callee.property.name;
  if (callee.object.type === 'Identifier' && callee.object.name === 'Object') return 'array';
  if (stringMethods.has(method)) return 'string';
  if (arrayMethods.has(method)) return 'array';
  if (numberMethods.has(method)) return 'number';
  return booleanMethods.has(method) ? 'boolean' : 'unknown';
}
