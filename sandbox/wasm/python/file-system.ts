import type { DeviceOperations, EmscriptenFs, FsNode, FsStream } from './emscripten.ts';

/** What a program may keep in files, in bytes of content plus a charge per file, so that host memory is bounded. */
const FILES_BYTES_MAX = 32 * 1024 * 1024;
const NODE_CHARGE_BYTES = 1024;
const ENOSPC = 51;
const EROFS = 69;

export interface Streams {
  /** Throws a `Stop` when the program wrote too much. */
  write(descriptor: 1 | 2, bytes: Uint8Array): void;
  random(target: Uint8Array): void;
}

type Operation = (...args: never[]) => unknown;

/**
 * Closes the in-memory file system over what it holds now (the standard library and empty directories): devices lead
 * nowhere but to the captured streams, existing files are read-only, new ones are charged to a quota.
 *
 * @returns a function that puts everything back as it is now
 */
export function closeFileSystem(fs: EmscriptenFs, streams: Streams): () => void {
  replaceDevices(fs, streams);
  const quota = chargeQuota(fs);
  const nodes = allNodes(fs);
  for (const node of nodes) if (fs.isFile(node.mode)) makeReadOnly(fs, node);
  const saved = nodes.map(saveNode);
  const table = [...fs.nameTable];
  const open = fs.streams.map((stream) => (stream ? saveStream(stream) : null));
  const { nextInode, currentPath } = fs;
  return () => {
    for (const restoreNode of saved) restoreNode();
    for (let index = 0; index < table.length; index += 1) fs.nameTable[index] = table[index];
    fs.streams.length = 0;
    for (const restoreStream of open) fs.streams.push(restoreStream === null ? null : restoreStream());
    fs.nextInode = nextInode;
    fs.currentPath = currentPath;
    quota.usedBytes = 0;
  };
}

function allNodes(fs: EmscriptenFs): FsNode[] {
  const nodes: FsNode[] = [];
  for (const first of fs.nameTable) {
    for (let node: FsNode | undefined = first; node !== undefined; node = node.name_next) nodes.push(node);
  }
  return nodes;
}

function saveNode(node: FsNode): () => void {
  const fields = { ...node };
  const directory = isDirectoryContents(node.contents) ? { ...node.contents } : null;
  return () => {
    Object.assign(node, fields);
    node.name_next = fields.name_next;
    if (directory !== null) node.contents = { ...directory };
  };
}

function isDirectoryContents(contents: FsNode['contents']): contents is Record<string, FsNode> {
  return contents !== undefined && !ArrayBuffer.isView(contents);
}

function saveStream(stream: FsStream): () => FsStream {
  const fields = { ...stream };
  const shared = { ...stream.shared };
  return () => {
    Object.assign(stream, fields);
    stream.shared = { ...shared };
    return stream;
  };
}

function makeReadOnly(fs: EmscriptenFs, node: FsNode): void {
  const refuse = (): never => {
    throw new fs.ErrnoError(EROFS);
  };
  node.node_ops = { ...node.node_ops, setattr: refuse };
  node.stream_ops = { ...node.stream_ops, write: refuse };
}

/** Counts what files grow by; the two tables are shared by every file and directory that is made later. */
function chargeQuota(fs: EmscriptenFs): { usedBytes: number } {
  const quota = { usedBytes: 0 };
  const charge = (bytes: number): void => {
    if (quota.usedBytes + bytes > FILES_BYTES_MAX) throw new fs.ErrnoError(ENOSPC);
    quota.usedBytes += Math.max(0, bytes);
  };
  const { dir, file } = fs.filesystems.MEMFS.ops_table;
  const wrap = (table: Record<string, unknown>, name: string, before: (...args: never[]) => void): void => {
    const original = table[name] as Operation;
    table[name] = (...args: never[]): unknown => {
      before(...args);
      return original(...args);
    };
  };
  wrap(dir.node, 'mknod', () => charge(NODE_CHARGE_BYTES));
  wrap(dir.node, 'symlink', () => charge(NODE_CHARGE_BYTES));
  wrap(file.node, 'setattr', (node: FsNode, change: { size?: number }) => {
    if (change.size !== undefined) charge(change.size - (node.usedBytes ?? 0));
  });
  wrap(
    file.stream,
    'write',
    (stream: FsStream, _buffer: Uint8Array, _offset: number, length: number, position: number) => {
      charge(position + length - (stream.node.usedBytes ?? 0));
    },
  );
  return quota;
}

function replaceDevices(fs: EmscriptenFs, streams: Streams): void {
  const device = (over: Partial<DeviceOperations>): DeviceOperations => ({
    open: (stream) => {
      stream.seekable = false;
    },
    close: () => {},
    fsync: () => {},
    read: () => 0,
    write: (_stream, _buffer, _offset, length) => length,
    ...over,
  });
  const output = (descriptor: 1 | 2): DeviceOperations =>
    device({
      write: (_stream, buffer, offset, length) => {
        streams.write(descriptor, new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
        return length;
      },
    });
  const random = device({
    read: (_stream, buffer, offset, length) => {
      streams.random(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
      return length;
    },
  });
  const operations = new Map<number, DeviceOperations>();
  const at = (path: string, ops: DeviceOperations): void => {
    operations.set(fs.lookupPath(path).node.rdev, ops);
  };
  at('/dev/stdout', output(1));
  at('/dev/stderr', output(2));
  at('/dev/random', random);
  at('/dev/urandom', random);
  // All others (terminals reach the host's standard input) read as empty and swallow what is written.
  for (const key of Object.keys(fs.devices).map(Number)) {
    fs.registerDevice(key, operations.get(key) ?? device({}));
  }
  for (const stream of fs.streams) {
    if (!stream) continue;
    stream.stream_ops = fs.devices[stream.node.rdev]?.stream_ops as Record<string, unknown>;
    stream.seekable = false;
    stream.tty = undefined;
    stream.devops = undefined;
  }
}
