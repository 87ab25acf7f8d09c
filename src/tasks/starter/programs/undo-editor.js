/**
 * edit(commands) runs an editor on an empty text and gives the text at the end. "type X" appends X, "erase N" removes the
 * last N characters, "undo" takes back the latest change, "redo" repeats what was taken back; a new change forgets what
 * could be repeated. Undo and redo with nothing to do are ignored.
 */
function makeEditor() {
  let text = '';
  const past = [];
  let future = [];
  const change = (next) => {
    past.push(text);
    future = [];
    text = next;
  };
  const move = (from, to) => {
    if (from.length > 0) {
      to.push(text);
      text = from.pop();
    }
  };
  return {
    type: (more) => change(text + more),
    erase: (count) => change(text.slice(0, Math.max(0, text.length - count))),
    undo: () => move(past, future),
    redo: () => move(future, past),
    text: () => text,
  };
}

function edit(commands) {
  const editor = makeEditor();
  for (const command of commands) {
    const space = command.indexOf(' ');
    const name = space < 0 ? command : command.slice(0, space);
    const argument = space < 0 ? '' : command.slice(space + 1);
    editor[name](name === 'erase' ? Number(argument) : argument);
  }
  return editor.text();
}

// public
//   edit(['type ab', 'type c', 'undo']) -> 'ab'
//   edit(['type abc', 'erase 2']) -> 'a'
//   edit(['type a', 'undo', 'redo']) -> 'a'
// hidden
//   edit([]) -> ''
//   edit(['undo', 'redo']) -> ''
//   edit(['type a b', 'type  c']) -> 'a b c'
//   edit(['type abc', 'erase 9']) -> ''
//   edit(['type a', 'type b', 'undo', 'type c', 'redo']) -> 'ac'
//   edit(['type a', 'type b', 'type c', 'undo', 'undo', 'redo']) -> 'ab'
//   edit(['type x', 'erase 1', 'undo']) -> 'x'
//   edit(['type a', 'undo', 'undo', 'redo', 'redo', 'type b']) -> 'ab'
//   edit(['type abc', 'erase 0', 'undo', 'erase 1']) -> 'ab'
