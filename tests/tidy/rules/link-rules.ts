import { posix } from 'node:path';
import { type Finding, finding, type TidyRule } from './finding.ts';

/** Relative links and pictures of a page lead to tracked files or directories, and anchors within pages to headings. */
export const linksResolve = (tracked: readonly string[]): TidyRule => {
  const files = new Set(tracked);
  const exists = (target: string): boolean =>
    files.has(target) || tracked.some((path) => path.startsWith(`${target.replace(/\/$/, '')}/`));
  return (path, text) => {
    let fenced = false;
    return text.split('\n').flatMap((line, index): Finding[] => {
      if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
      if (fenced) return [];
      return linksOf(line).flatMap((link) => {
        const [target = '', anchor] = link.split('#');
        if (target === '')
          return headings(text).has(anchor ?? '') ? [] : [finding(path, index + 1, `no heading #${anchor}`)];
        const resolved = posix.normalize(posix.join(posix.dirname(path), target));
        return exists(resolved)
          ? []
          : [finding(path, index + 1, `a link to ${resolved}, which does not exist`)];
      });
    });
  };
};

function linksOf(line: string): readonly string[] {
  const prose = line.replaceAll(/`[^`]*`/g, '');
  const markdown = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const html = [...prose.matchAll(/\b(?:src|href)="([^"]+)"/g)];
  return [...markdown, ...html].flatMap(([, link]) =>
    link === undefined || /^[a-z]+:/.test(link) ? [] : [link],
  );
}

/** Anchors as GitHub derives them from headings. */
function headings(text: string): ReadonlySet<string> {
  const titles = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title ?? '');
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}
