import { directoriesOf, type TextFile } from '../../../src/events/file-tree.ts';
import type { ExecOrder } from './container-exec.ts';
import { tarArchive } from './tar-archive.ts';

export const workDirectory = '/work';

/**
 * Unpacks over whatever a program has left: a link or file where a directory must be is removed, as is whatever lies where a file
 * will be, so that nothing is written through a link. A directory is left as it is, with what else is in it.
 */
const script = `umask 022
cd ${workDirectory} || exit 1
for entry do
  path=./\${entry#?:}
  case $entry in
    d:*) if [ -L "$path" ] || [ ! -d "$path" ]; then rm -rf -- "$path" && mkdir -- "$path" || exit 1; fi
      chmod u+rwx -- "$path" || exit 1 ;;
    *) rm -rf -- "$path" || exit 1 ;;
  esac
done
exec tar -x -o -f -
`;

/** The command that puts these files into the work directory. It ends with 0 when all of them are there. */
export function placeFiles(files: readonly TextFile[]): ExecOrder {
  const directories = new Set(files.flatMap(({ path }) => directoriesOf(path)));
  const entries = [
    ...[...directories].sort().map((path) => `d:${path}`), // a parent sorts before what is in it
    ...files.map(({ path }) => `f:${path}`),
  ];
  return {
    argv: ['sh', '-c', script, 'sh', ...entries],
    directory: '/',
    environment: [],
    stdin: tarArchive(files),
  };
}
