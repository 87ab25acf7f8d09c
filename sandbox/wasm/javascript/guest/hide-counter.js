/**
 * Makes `Function.prototype.toString` give the source as its author wrote it. Returns a function that takes the name of the
 * counter, before the program is loaded.
 */
(p) => {
  let hidden = null;
  let strip = (text) => text;
  Function.prototype.toString = {
    toString() {
      const text = p.functionToString(this);
      return hidden === null || p.stringIndexOf(text, hidden) < 0 ? text : strip(text);
    },
  }.toString;
  const replace = p.uncurry(RegExp.prototype[Symbol.replace]);
  const exec = RegExp.prototype.exec;
  return (name) => {
    hidden = name;
    const pattern = new RegExp(
      `\\{\\${name}\\(\\(\\d+\\)\\);|\\(\\${name}\\(\\d+\\),|\\${name}\\(\\d+\\);| /\\*\\${name}\\*/[)}]`,
      'g',
    );
    p.defineProperty(pattern, 'exec', { __proto__: null, value: exec });
    strip = (text) => replace(pattern, text, '');
  };
};
