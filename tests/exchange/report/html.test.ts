import { describe, expect, it } from 'vitest';
import { block, cutText } from '../../../src/exchange/report/elements.ts';
import { html } from '../../../src/exchange/report/html.ts';

const markup = (value: string): string => html`${value}`.markup;

describe('a text in a page', () => {
  it('is never markup', () => {
    expect(markup(`<b onclick="x('&amp;')">`)).toBe('&lt;b onclick=&quot;x(&#39;&amp;amp;&#39;)&quot;&gt;');
    expect(markup('</script><!--')).toBe('&lt;/script&gt;&lt;!--');
  });

  it('keeps tabs, line feeds and other languages', () => {
    expect(markup('a\tb\nc — 日本 العربية é 🎉')).toBe('a\tb\nc — 日本 العربية é 🎉');
  });

  it('shows by its number what would hide or move it', () => {
    const hidden = [
      '\0',
      '\r',
      '\u001b',
      '\u0085',
      '\u00ad',
      '\u200b',
      '\u200d',
      '\u202e',
      '\u2028',
      '\u2066',
      '\ufeff',
      '\u{e0041}',
      '\ufe0f',
      '\ud800',
      '\u3164',
    ];
    for (const character of hidden) {
      const number = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
      expect(markup(`a${character}b`), number).toBe(`a<span class="ctl">U+${number}</span>b`);
    }
  });

  it('has no element of its own inside an attribute', () => {
    expect(html`<a title="${'"\u202e<'}">`.markup).toBe('<a title="&quot;\ufffd&lt;">');
  });

  it('begins with its own first line, also in a block', () => {
    expect(block('\nsecond').markup).toContain('<pre dir="ltr" tabindex="0">\n\nsecond</pre>');
  });

  it('is cut between characters, and says how much is not shown', () => {
    expect(cutText('ab🎉', 3)).toBe('ab');
    expect(cutText('ab🎉', 4)).toBe('ab🎉');
    expect(block('x'.repeat(5000)).markup).toContain('1\u202f000 more characters are in the bundle');
  });
});
