/**
 * render(template, data) replaces {{name}} by data.name, with dots for members ({{user.name}}), and repeats
 * {{#list}}…{{/list}} for each element, in which {{.}} is the element. What is missing becomes an empty text. Numbers and
 * texts are written as they are.
 */
function lookUp(data, path) {
  if (path === '.') {
    return data;
  }
  let value = data;
  for (const name of path.split('.')) {
    if (value === null || value === undefined) {
      return undefined;
    }
    value = value[name];
  }
  return value;
}

function render(template, data) {
  const unrolled = template.replace(/\{\{#([\w.]+)\}\}(.*?)\{\{\/\1\}\}/gs, (_, path, body) => {
    const list = lookUp(data, path) ?? [];
    return list.map((item) => render(body, item)).join('');
  });
  return unrolled.replace(/\{\{([\w.]+)\}\}/g, (_, path) => String(lookUp(data, path) ?? ''));
}

// public
//   render('Hi {{name}}!', { name: 'Ann' }) -> 'Hi Ann!'
//   render('{{#xs}}<{{.}}>{{/xs}}', { xs: [1, 2] }) -> '<1><2>'
// hidden
//   render('', {}) -> ''
//   render('no marks', { a: 1 }) -> 'no marks'
//   render('{{a.b.c}}', { a: { b: { c: 0 } } }) -> '0'
//   render('[{{x}}]', {}) -> '[]'
//   render('[{{x.y.z}}]', { x: null }) -> '[]'
//   render('{{#none}}x{{/none}}', {}) -> ''
//   render('{{#rows}}{{id}}:{{#tags}}{{.}},{{/tags}};{{/rows}}', { rows: [{ id: 1, tags: ['a', 'b'] }, { id: 2 }] }) -> '1:a,b,;2:;'
//   render('{{a}}{{#l}}-{{/l}}{{a}}', { a: 'x', l: [0, 0, 0] }) -> 'x---x'
//   render('{{ok}}', { ok: false }) -> 'false'
