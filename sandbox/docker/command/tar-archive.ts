import type { TextFile } from '../../../src/events/file-tree.ts';

const blockBytes = 512;
const nameBytesMax = 100;
/** Programs among them can be started, and scripts can be run by their name. */
const mode = 0o755;
/** The same for every file and every execution, and older than all that a build makes: 2000-01-01 00:00:00 UTC. */
const modifiedSeconds = 946_684_800;

/**
 * Files as an archive that every `tar` reads (POSIX.1-1988, "ustar"). Paths have at most 150 bytes and parts of at most 100,
 * as `filePathProblem` demands; directories are made on the way.
 */
export function tarArchive(files: readonly TextFile[]): Buffer {
  const blocks = files.flatMap(({ path, text }) => {
    const bytes = Buffer.from(text);
    const padding = Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes);
    return [header(path, bytes.length), bytes, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]);
}

function header(path: string, bytes: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  const { prefix, name } = split(path);
  block.write(name, 0);
  octal(block, mode, 100, 8);
  octal(block, 0, 108, 8); // user and group: whoever extracts
  octal(block, 0, 116, 8);
  octal(block, bytes, 124, 12);
  octal(block, modifiedSeconds, 136, 12);
  block.write('        ', 148); // the checksum counts as spaces
  block.write('0', 156); // a regular file
  block.write('ustar\0', 257);
  block.write('00', 263);
  block.write(prefix, 345);
  octal(
    block,
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

function octal(block: Buffer, value: number, at: number, length: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
}

/** A long path is cut at a slash: as many whole parts as fit go into the name, the others in front of it. */
function split(path: string): { readonly prefix: string; readonly name: string } {
  if (Buffer.byteLength(path) <= nameBytesMax) return { prefix: '', name: path };
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const name = path.slice(at + 1);
    if (Buffer.byteLength(name) <= nameBytesMax) return { prefix: path.slice(0, at), name };
  }
  throw new RangeError(`${JSON.stringify(path)} has a part that no archive can hold.`);
}
