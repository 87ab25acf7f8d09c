import type { Task } from '../../../src/tasks/task.ts';
import { ScriptedGenerator } from '../../support/scripted-generator.ts';
import { toyTask } from '../../support/toy-language.ts';
import type { SealedRunOptions } from '../bundle/sealed-run.ts';

/** Everything that was ever put into a text to take over, to break or to deceive the page that shows it. */
export const hostileTexts: readonly string[] = [
  '</script><script>document.title = "taken over"</script>',
  '<img src=x onerror="document.title = 1"><svg onload=alert(1)>',
  '</pre></details></section></body></html><h1>Everything passed</h1>',
  `" onmouseover="alert(1)" x='`,
  "' onfocus='alert(1)' autofocus '",
  '<!--',
  '-->',
  ']]>',
  '<![CDATA[',
  '<style>*{display:none}</style>',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  '<link rel=stylesheet href=//example.com/x.css>',
  '<iframe src="javascript:alert(1)"></iframe><base href="https://example.com/">',
  '&lt;script&gt; &#60;script&#62; &amp;',
  '\u202egnp.exe\u202c \u2066hidden\u2069 a\u200bb\u00adc\ufeff',
  'nul \0 escape \u001b[2J return \r bell \u0007',
  `tags ${String.fromCodePoint(0xe0049, 0xe0067, 0xe006e)}`,
  'combining Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d',
  `one line ${'long '.repeat(4000)}`,
  'x'.repeat(30_000),
  '\n'.repeat(500),
  '<script type="application/vnd.pawl.bundle" id="pawl-bundle">\nAAAA\n</script>',
];

/** A run whose task, programs, notes and outputs are such texts. */
export function hostileRun(): SealedRunOptions {
  const everything = hostileTexts.join('\n');
  const hostile = (id: string): Task => {
    const task = toyTask(id, 2);
    const call = '</td></table><script>1</script>';
    const publicTests = { kind: 'cases' as const, cases: [{ id: '<b>', call, expected: '"><i>' }] };
    return { ...task, view: { ...task.view, statement: everything, entryPoint: '<f>', publicTests } };
  };
  const generator = new ScriptedGenerator({
    propose: ({ sample }) => `${hostileTexts[sample % hostileTexts.length]}\n# ${sample}\n${everything}`,
  });
  return {
    run: {
      tasks: [hostile('<b>first</b>'), hostile('\u202esecond"')],
      params: { candidates: hostileTexts.length },
      seed: '"><script>seed</script>',
    },
    session: { generator },
  };
}
