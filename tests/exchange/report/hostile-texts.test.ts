import { describe, expect, it } from 'vitest';
import { containerOpening } from '../../../src/exchange/bundle/bundle-format.ts';
import { bundleOf, bytesOf, pinned, sealedRun, verifyBytes } from '../bundle/sealed-run.ts';
import { hostileRun, hostileTexts } from './hostile-run.ts';

const bundle = await bundleOf(await sealedRun(hostileRun()));
const file = (await bytesOf(bundle)).toString('utf8');
const page = file.slice(0, file.indexOf(containerOpening));

/** The elements and attributes that a report is made of. */
const elements =
  /^(!doctype|html|head|meta|title|style|body|main|header|section|h[1-4]|p|b|strong|em|i|code|bdi|pre|dl|dt|dd|div|span|ul|li|table|caption|thead|tbody|tr|th|td|a|details|summary|svg|rect|ins|del|br)$/;
const attributes =
  /^(lang|charset|http-equiv|content|name|class|id|href|aria-[a-z]+|role|tabindex|dir|scope|viewBox|preserveAspectRatio|focusable|x|y|width|height|html)$/;

/** Every tag of a page: its name and the names and values of its attributes. */
function tags(markup: string): { name: string; attributes: [string, string][]; closing: boolean }[] {
  return [...markup.matchAll(/<(\/?)([!a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*\/?>/gi)].map(
    ([, slash = '', name = '', rest = '']) => ({
      name: name.toLowerCase(),
      closing: slash === '/',
      attributes: [...rest.matchAll(/([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(
        ([, key = '', value = '']): [string, string] => [key, value],
      ),
    }),
  );
}

describe('a report of hostile texts', () => {
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '<style></style>');
  const found = tags(body);

  it('has no character that opens a tag but those of its own tags', () => {
    expect(body.split('<').length - 1).toBe(found.length);
  });

  it('is made of known elements and attributes alone', () => {
    expect([...new Set(found.map(({ name }) => name))].filter((name) => !elements.test(name))).toEqual([]);
    const used = new Set(found.flatMap((tag) => tag.attributes.map(([name]) => name)));
    expect([...used].filter((name) => !attributes.test(name))).toEqual([]);
  });

  it('links nowhere but into itself', () => {
    const links = found.flatMap((tag) => tag.attributes.filter(([name]) => name === 'href'));
    expect(links.length).toBe(2);
    for (const [, to] of links) expect(to).toMatch(/^#e\d+$/);
  });

  it('closes what it opens, in order', () => {
    const open: string[] = [];
    for (const { name, closing } of found) {
      if (['!doctype', 'meta', 'rect', 'br'].includes(name)) continue;
      if (!closing) open.push(name);
      else expect(open.pop()).toBe(name);
    }
    // Closed behind the data.
    expect(open).toEqual(['html', 'body']);
  });

  it('gives no id twice', () => {
    const ids = found.flatMap((tag) => tag.attributes.filter(([name]) => name === 'id').map(([, id]) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('holds no character that hides or turns text', () => {
    expect(page).not.toMatch(/[\p{Default_Ignorable_Code_Point}\u2028\u2029]|(?![\t\n])\p{Cc}/u);
    expect(page).toContain('<span class="ctl">U+202E</span>gnp.exe');
  });

  it('shows of a long text only a part, and holds all of it', async () => {
    expect(page.length).toBeLessThan(2_000_000);
    expect(page).toMatch(/more characters are in the bundle and not shown here/);
    const stored = [...bundle.blobs.keys()];
    const texts = await Promise.all(
      stored.map(async (digest) => Buffer.from(await bundle.load(digest)).toString()),
    );
    for (const hostile of hostileTexts) expect(texts.some((text) => text.includes(hostile))).toBe(true);
  });

  it('does not disturb the check', async () => {
    const verdict = await verifyBytes(Buffer.from(file, 'utf8'), pinned);
    expect(verdict.outcome).toBe('ok');
  });
});
