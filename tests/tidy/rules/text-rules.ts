import { type Finding, finding, type TidyRule } from './finding.ts';

const linesMax = 250;
const columnsMax = 130;

/** Every line that matches, with the same words. */
const forbid =
  (pattern: RegExp, what: string): TidyRule =>
  (path, text) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [finding(path, index + 1, what)] : []));

/** A file that is read in one sitting. `allowed` names the exceptions. */
export const fileLength =
  (allowed: Readonly<Record<string, string>>): TidyRule =>
  (path, text) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > linesMax && !(path in allowed)
      ? [finding(path, lines, `more than ${linesMax} lines`)]
      : [];
  };

/** The formatter keeps code narrow wherever it can be broken; comments are for us to keep. */
export const commentWidth: TidyRule = (path, text) =>
  text.split('\n').flatMap((line, index): Finding[] => {
    const comment = /^\s*(\/\/|\/?\*|#)/.test(line);
    return comment && [...line].length > columnsMax
      ? [finding(path, index + 1, `a comment of more than ${columnsMax} columns`)]
      : [];
  });

export const noTabs: TidyRule = forbid(/\t/, 'a tab');
export const noTrailingBlanks: TidyRule = forbid(/[ \r]$/, 'a trailing blank');
export const endsWithNewline: TidyRule = (path, text) =>
  text === '' || (text.endsWith('\n') && !text.endsWith('\n\n'))
    ? []
    : [finding(path, 1, 'must end with one newline')];

/** What is left to do belongs into the list of issues, where it is seen. */
export const noLeftovers: TidyRule = forbid(
  /(\/\/|#|^\s*\/?\*).*\b(TODO|FIXME|XXX|HACK)\b/,
  'a note to self',
);

/** A path that exists on one machine only. */
export const noMachinePaths: TidyRule = forbid(
  /(?<![\w.:/~-])\/(work|home|root|Users|tmp)\/\w/,
  'a machine path',
);

/** The registry is a matter of each user's npm configuration. */
export const noRegistryHosts: TidyRule = forbid(
  /registry\.(npmjs|yarnpkg)|npm\.pkg\.|"resolved"/,
  'a registry host',
);

/** Lower-case words with dashes; tests add `.test`, configurations `.config`, declarations `.d`. */
export const kebabCaseName: TidyRule = (path) => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.[a-z0-9]+$/.test(name)
    ? []
    : [finding(path, 1, 'the file name is not kebab-case')];
};
