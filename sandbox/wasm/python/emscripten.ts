/** The parts of Emscripten's JavaScript file system that the engine reads and resets; not declared by Pyodide. */
export interface FsNode {
  mode: number;
  name: string;
  parent: FsNode;
  rdev: number;
  atime: number;
  mtime: number;
  ctime: number;
  contents?: Uint8Array | Record<string, FsNode>;
  usedBytes?: number;
  link?: string;
  name_next?: FsNode | undefined;
  mounted: unknown;
  node_ops: Record<string, unknown>;
  stream_ops: Record<string, unknown>;
}

export interface FsStream {
  fd: number;
  node: FsNode;
  seekable: boolean;
  tty?: unknown;
  devops?: unknown;
  stream_ops: Record<string, unknown>;
  shared: { flags: number; position: number; refcount?: number };
}

export interface DeviceOperations {
  open(stream: FsStream): void;
  close(): void;
  fsync(): void;
  read(stream: FsStream, buffer: Uint8Array | Int8Array, offset: number, length: number): number;
  write(stream: FsStream, buffer: Uint8Array | Int8Array, offset: number, length: number): number;
  llseek?(): number;
}

export interface EmscriptenFs {
  nameTable: (FsNode | undefined)[];
  streams: (FsStream | null | undefined)[];
  devices: Record<number, { stream_ops: unknown }>;
  nextInode: number;
  currentPath: string;
  ignorePermissions: boolean;
  readonly ErrnoError: new (errno: number) => Error;
  readonly filesystems: { readonly MEMFS: { readonly ops_table: MemfsOperations } };
  registerDevice(device: number, operations: DeviceOperations): void;
  isFile(mode: number): boolean;
  isDir(mode: number): boolean;
  lookupPath(path: string): { readonly node: FsNode };
}

export interface MemfsOperations {
  readonly dir: { readonly node: Record<string, unknown> };
  readonly file: { readonly node: Record<string, unknown>; readonly stream: Record<string, unknown> };
}
