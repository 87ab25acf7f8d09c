import { sha256Bytes } from '../../kernel/digest.ts';
import { code } from './elements.ts';
import { type Html, html } from './html.ts';

/** What stands above everything else on a page. */
export interface PageHead {
  readonly title: Html;
  readonly heading: Html;
  /** Name of what the bundle is of. */
  readonly of: string;
  readonly style: string;
}

/**
 * The page up to its first section. No script is ever run and nothing is ever fetched; the one style is allowed by its digest.
 */
export function pageHead({ title, heading, of, style }: PageHead): string {
  const digest = Buffer.from(sha256Bytes(style)).toString('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  const top = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>`;
  const body = html`</style>
</head>
<body>
<main>
<header>
<p class="kind">Pawl audit bundle</p>
<h1>${heading}</h1>
<p class="quiet">${code(of)}</p>
</header>
`;
  return `${top.markup}${style}${body.markup}`;
}
