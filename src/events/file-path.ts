import { z } from 'zod';

/** Bytes of one path and of one part of it, and how deep it may lie: what every archive format and file system can hold. */
const pathBytesMax = 150;
const partBytesMax = 100;
const depthMax = 16;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/**
 * What is wrong with a path that is to lie in a work directory, as the end of a sentence; null when nothing is. It is
 * relative, names a file, and never leaves the directory.
 */
export function filePathProblem(path: string): string | null {
  if (path === '') return 'it is empty';
  if (!path.isWellFormed()) return 'it holds half a surrogate pair';
  if (/\p{Cc}/u.test(path)) return 'it holds a control character';
  if (path.startsWith('/')) return 'it is absolute';
  if (bytesOf(path) > pathBytesMax) return `it is longer than ${pathBytesMax} bytes`;
  const parts = path.split('/');
  if (parts.length > depthMax) return `it is deeper than ${depthMax} levels`;
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'it has an empty part, "." or ".."';
  if (parts.some((part) => bytesOf(part) > partBytesMax))
    return `a part of it is longer than ${partBytesMax} bytes`;
  return null;
}

export const filePathSchema = z.string().superRefine((path, context) => {
  const problem = filePathProblem(path);
  if (problem !== null) context.addIssue({ code: 'custom', message: `This path cannot be used: ${problem}` });
});
