import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gateJunit } from '../../../src/exchange/gate/gate-junit.ts';
import { gateMarkdown } from '../../../src/exchange/gate/gate-markdown.ts';
import type { GateReport } from '../../../src/exchange/gate/gate-report.ts';
import { markdownText } from '../../../src/exchange/gate/markdown-text.ts';
import { xmlText } from '../../../src/exchange/gate/xml-text.ts';
import type { Digest } from '../../../src/kernel/brand.ts';

const digest = (letter: string): Digest => letter.repeat(64) as Digest;

const report: GateReport = {
  line: 'main  line',
  slot: 'prompt',
  challenger: digest('a'),
  proposal: '01K00000000000000000000000',
  hypothesis: 'say "please" & <wait>',
  author: 'ci:build',
  gate: digest('b'),
  steps: [
    { name: 'static', verdict: 'pass', sentence: 'It can be used.' },
    { name: 'dev', verdict: 'block', sentence: 'p = 0.4 | above the 0.2 that entry takes\u0007' },
    { name: 'trigger', verdict: 'not-reached', sentence: 'The chain did not come to this check.' },
    { name: 'held-out', verdict: 'not-reached', sentence: 'No held-out item was read.' },
  ],
  outcome: 'discard',
  sentence: 'Not better on dev.',
  budget: null,
  decidedMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
};

describe('JUnit XML', () => {
  it('has a case for every check and one for the decision', () => {
    expect(gateJunit(report, 0)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
      <testsuite id="0" package="pawl.gate" name="pawl.gate.main line.prompt" timestamp="2026-01-02T03:04:05" hostname="localhost" tests="5" failures="2" errors="0" skipped="2" time="0">
      <properties>
      <property name="challenger" value="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"/>
      <property name="proposal" value="01K00000000000000000000000"/>
      <property name="gate" value="bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"/>
      <property name="hypothesis" value="say &quot;please&quot; &amp; &lt;wait&gt;"/>
      <property name="author" value="ci:build"/>
      </properties>
      <testcase name="static" classname="pawl.gate.main line.prompt" time="0"/>
      <testcase name="dev" classname="pawl.gate.main line.prompt" time="0"><failure type="block" message="p = 0.4 | above the 0.2 that entry takes\\u0007">p = 0.4 | above the 0.2 that entry takes\\u0007</failure></testcase>
      <testcase name="trigger" classname="pawl.gate.main line.prompt" time="0"><skipped message="The chain did not come to this check."/></testcase>
      <testcase name="held-out" classname="pawl.gate.main line.prompt" time="0"><skipped message="No held-out item was read."/></testcase>
      <testcase name="decision" classname="pawl.gate.main line.prompt" time="0"><failure type="block" message="Not better on dev.">Not better on dev.</failure></testcase>
      <system-out>Not better on dev.</system-out>
      <system-err></system-err>
      </testsuite>
      </testsuites>
      "
    `);
  });

  it('has errors for what could not be completed, and the budget where alpha was spent', () => {
    const spent = { before: '1/20', after: '1/30' };
    const xml = gateJunit(
      {
        ...report,
        steps: [],
        outcome: 'inconclusive',
        sentence: 'It waits.',
        budget: spent,
        decidedMs: null,
      },
      0,
    );
    expect(xml).toContain(
      'timestamp="1970-01-01T00:00:00" hostname="localhost" tests="1" failures="0" errors="1"',
    );
    expect(xml).toContain(
      '<property name="budgetBefore" value="1/20"/>\n<property name="budgetAfter" value="1/30"/>',
    );
    expect(xml).toContain('<error type="inconclusive" message="It waits.">It waits.</error>');
  });

  it('promoted, has no failure, no error', () => {
    const xml = gateJunit({ ...report, steps: [], outcome: 'promote' }, 0);
    expect(xml).toContain('tests="1" failures="0" errors="0" skipped="0"');
    expect(xml).toContain('<testcase name="decision" classname="pawl.gate.main line.prompt" time="0"/>');
  });
});

describe('text in XML', () => {
  const characters = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
  const decoded: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

  it('has only characters that XML knows, and reads as it was but for those that it does not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const xml = xmlText(text);
        expect(xml).toMatch(characters);
        expect(xml).not.toMatch(/[<>"'\t\n\r]|&(?!(amp|lt|gt|quot|apos|#9|#10|#13);)/);
        const back = xml.replaceAll(/&(#?)(\w+);/g, (_, number, name) =>
          number === '#' ? String.fromCharCode(Number(name)) : (decoded[name] ?? ''),
        );
        expect(back).toBe(
          [...text]
            .map((one) =>
              characters.test(one) ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
            )
            .join(''),
        );
      }),
    );
  });

  it.each([
    ['\u0000\u0007\u001b[31m', '\\u0000\\u0007\\u001b[31m'],
    ['\ud800 \ufffe \uffff', '\\ud800 \\ufffe \\uffff'],
    [']]>', ']]&gt;'],
    ['a\tb\nc\r', 'a&#9;b&#10;c&#13;'],
    ['😀 & é', '😀 &amp; é'],
  ])('%j is written %s', (text, xml) => {
    expect(xmlText(text)).toBe(xml);
  });
});

describe('Markdown', () => {
  it('has the verdict, the checks, and what was spent', () => {
    expect(gateMarkdown(report)).toMatchInlineSnapshot(`
      "## Gate: discard (slot prompt, line main line)

      Not better on dev.

      | check | verdict | |
      |---|---|---|
      | static | pass | It can be used. |
      | dev | **block** | p = 0.4 \\| above the 0.2 that entry takes\\\\u0007 |
      | trigger | not reached | The chain did not come to this check. |
      | held-out | not reached | No held-out item was read. |

      | | |
      |---|---|
      | challenger | \`aaaaaaaaaaaaaaaa\` |
      | proposal | \`01K00000000000000000000000\` by ci:build |
      | hypothesis | say "please" &amp; &lt;wait&gt; |
      | gate | \`bbbbbbbbbbbbbbbb\` |
      | alpha of the held-out items | nothing was spent |
      "
    `);
  });

  it('says the budget before and after', () => {
    const markdown = gateMarkdown({ ...report, budget: { before: '1/20', after: '1/30' }, steps: [] });
    expect(markdown).toContain('| alpha of the held-out items | 1/20 before, 1/30 after |');
    expect(markdown).not.toContain('| check |');
  });

  it.each([
    ['a | b\nc', 'a \\| b c'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['[x](http://e) *b* _c_ `d`', '\\[x\\](http://e) \\*b\\* \\_c\\_ \\`d\\`'],
    ['# no heading', '\\# no heading'],
    ['a\u202eb\u0000', 'a\\\\u202eb\\\\u0000'],
  ])('%j is written %s', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });
});
