import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { proposalBundle, sealedProposals } from '../bundle/sealed-proposal.ts';
import { bundleOf, bytesOf, sealedRun } from '../bundle/sealed-run.ts';
import { Chromium, chromiumPath } from './chromium.ts';
import { hostileRun, hostileTexts } from './hostile-run.ts';

const path = chromiumPath();
const browserMsMax = 60_000;

describe.skipIf(path === null)(
  `a report in ${path ?? 'Chromium, which is not installed here'}`,
  { timeout: browserMsMax },
  () => {
    let browser: Chromium;
    beforeAll(async () => {
      browser = await Chromium.start(path as string);
    }, browserMsMax);
    afterAll(() => browser.close());

    /** Opens a bundle from disk, with all that is wanted of the browser, and gives what it asked the network for. */
    async function open(file: Buffer, scripts: boolean): Promise<readonly string[]> {
      const place = join(temporaryDirectory(), 'sent.pawl.html');
      writeFileSync(place, file);
      browser.events.length = 0;
      for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await browser.send(`${domain}.enable`);
      await browser.send('Emulation.setScriptExecutionDisabled', { value: !scripts });
      await browser.send('Page.navigate', { url: `file://${place}` });
      await browser.said('Page.loadEventFired');
      const requests = browser.events.filter(({ method }) => method === 'Network.requestWillBeSent');
      return requests
        .map(({ params }) => (params['request'] as { url: string }).url)
        .filter((url) => url !== `file://${place}`);
    }

    const complaints = (): string[] =>
      browser.events
        .filter(({ method }) => method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown')
        .map(({ params }) => JSON.stringify(params));

    it('can be read without scripts, asks the network for nothing, and breaks no policy', async () => {
      const requests = await open(await bytesOf(await bundleOf(await sealedRun())), false);
      expect(requests).toEqual([]);
      expect(complaints()).toEqual([]);
      expect(await browser.evaluate('document.title')).toBe('sequential-feedback on toy: audit bundle');
      expect(await browser.evaluate('document.compatMode')).toBe('CSS1Compat');
      expect(await browser.evaluate('getComputedStyle(document.querySelector("main")).maxWidth')).toBe(
        '1088px',
      );
      expect(await browser.evaluate('document.querySelectorAll("details > summary > h3").length')).toBe(3);
    });

    it('of a proposal can be read in the same way, on a narrow screen and on a wide one', async () => {
      const sealed = await sealedProposals({ final: true });
      const requests = await open(await bytesOf(await proposalBundle(sealed, sealed.promoted)), false);
      expect(requests).toEqual([]);
      expect(complaints()).toEqual([]);
      expect(await browser.evaluate('document.title')).toBe('generator of toy, promoted: audit bundle');
      expect(await browser.evaluate('document.querySelectorAll("svg.grid").length')).toBe(4);
      expect(await browser.evaluate('document.querySelectorAll("svg.alpha").length')).toBe(1);
      for (const width of [400, 1280]) {
        const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false };
        await browser.send('Emulation.setDeviceMetricsOverride', metrics);
        expect(await browser.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
      await browser.send('Emulation.clearDeviceMetricsOverride');
    });

    it('is led from the table to the story of an episode, which opens', async () => {
      await open(await bytesOf(await bundleOf(await sealedRun())), false);
      await browser.evaluate('document.querySelector("a[href=\\"#e1\\"]").click()');
      const state =
        'JSON.stringify([...document.querySelectorAll("details:has(> summary > h3)")].map((d) => d.open))';
      expect(JSON.parse(await browser.evaluate<string>(state))).toEqual([false, true, false]);
    });

    it.each(['light', 'dark'])('has enough contrast in %s', async (scheme) => {
      await browser.send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      });
      await open(await bytesOf(await bundleOf(await sealedRun(), ['hidden-tests'])), false);
      await browser.evaluate('document.querySelectorAll("details").forEach((d) => { d.open = true; })');
      expect(JSON.parse(await browser.evaluate<string>(contrasts))).toEqual([]);
    });

    it.each([400, 1280])('is not wider than a window of %d pixels', async (width) => {
      const size = { width, height: 900, deviceScaleFactor: 1, mobile: false };
      await browser.send('Emulation.setDeviceMetricsOverride', size);
      await open(await bytesOf(await bundleOf(await sealedRun(hostileRun()))), false);
      await browser.evaluate('document.querySelectorAll("details").forEach((d) => { d.open = true; })');
      expect(await browser.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });

    it('runs nothing and fetches nothing of hostile texts, even where scripts are allowed', async () => {
      const requests = await open(await bytesOf(await bundleOf(await sealedRun(hostileRun()))), true);
      expect(requests).toEqual([]);
      expect(complaints()).toEqual([]);
      expect(await browser.evaluate('document.title')).toBe('sequential-feedback on toy: audit bundle');
      expect(await browser.evaluate('document.querySelectorAll("script").length')).toBe(2);
      expect(
        await browser.evaluate('document.querySelectorAll("img,iframe,link,base,form,h1 ~ h1").length'),
      ).toBe(0);
      const shown = await browser.evaluate<string>('document.body.textContent');
      expect(shown).toContain(hostileTexts[0]);
      expect(shown).toContain(hostileTexts[2]);
    });
  },
);

/** Elements whose text has a contrast below 4.5 to what is behind it (WCAG 2.2, 1.4.3), as a script for the page. */
const contrasts = `JSON.stringify((() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const low = new Map();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!own || element.tagName === 'SCRIPT') continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) low.set(element.tagName + '.' + element.className, contrast);
  }
  return [...low];
})())`;
