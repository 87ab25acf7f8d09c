import { Stop } from './stop.ts';

type WasmFunction = (...args: never[]) => unknown;
export type ImportTable = Record<string, unknown>;

/**
 * The only functions of the JavaScript side that a running candidate can reach: file-system calls on MEMFS, broken-down
 * time, and what the allocator and the evaluation loop need. Everything else (JavaScript proxies, `eval`, sockets,
 * dynamic linking, foreign functions, timers) ends the execution. An import that a new Pyodide adds is closed by default.
 */
const OPEN = new Set(
  `__syscall_chdir __syscall_chmod __syscall_dup __syscall_dup3 __syscall_faccessat __syscall_fadvise64 __syscall_fchdir
  __syscall_fchmod __syscall_fchmodat2 __syscall_fcntl64 __syscall_fdatasync __syscall_fstat64 __syscall_fstatfs64
  __syscall_ftruncate64 __syscall_getcwd __syscall_getdents64 __syscall_ioctl __syscall_lstat64 __syscall_mkdirat
  __syscall_newfstatat __syscall_openat __syscall_poll __syscall_readlinkat __syscall_renameat __syscall_rmdir
  __syscall_stat64 __syscall_statfs64 __syscall_symlinkat __syscall_truncate64 __syscall_unlinkat __syscall_utimensat
  _try_fcntl64 _try_shutdown _maybe_connect_async _maybe_poll_async _maybe_recvfrom_async _maybe_sendto_async fd_close fd_fdstat_get fd_pread fd_pwrite fd_read fd_seek fd_sync fd_write clock_res_get
  environ_get environ_sizes_get _mmap_js _msync_js _munmap_js _gmtime_js _timegm_js emscripten_get_heap_max
  emscripten_resize_heap __call_sighandler _emscripten_get_progname _PyEM_TrampolineCall_JS
  emscripten_runtime_keepalive_push emscripten_runtime_keepalive_pop`.split(/\s+/),
);

/** WASI and musl number "function not implemented" alike; `os` raises it as an `OSError`, as a kernel would. */
const ENOSYS = 52;
/** "Non-recoverable failure in name resolution". */
const EAI_FAIL = -4;

/** What the replaced imports ask of the engine. */
export interface Host {
  /** False while the interpreter boots; from the first execution on, true. */
  sealed: boolean;
  /** Seconds since the epoch, advancing deterministically with every reading. */
  nowSeconds(): number;
  /** Seconds since the execution began, on the same clock. */
  elapsedSeconds(): number;
  fillRandom(target: Uint8Array): void;
  /** Throws a `Stop` when the execution has to end. */
  checkInterrupt(): void;
  /** The interpreter's memory, as it is now. */
  memory(): Uint8Array;
}

/** Rewrites the import object of the interpreter in place. */
export function containImports(env: ImportTable, host: Host): void {
  const view = (): DataView => {
    const bytes = host.memory();
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const gmtime = env['_gmtime_js'] as (time: bigint, target: number) => void;
  const exit = (code: number): never => {
    throw new Stop('error', 'SystemExit', `the program ended the process with status ${code}`);
  };
  const replaced: Record<string, WasmFunction> = {
    emscripten_date_now: () => host.nowSeconds() * 1000,
    emscripten_get_now: () => host.elapsedSeconds() * 1000,
    // Clock 0 tells the time of day; the others (monotonic, processor time) begin with the execution.
    clock_time_get: (clock: number, _precision: bigint, target: number) => {
      const seconds = clock === 0 ? host.nowSeconds() : host.elapsedSeconds();
      view().setBigUint64(target >>> 0, BigInt(Math.round(seconds * 1e6)) * 1000n, true);
      return 0;
    },
    random_get: (target: number, size: number) => {
      host.fillRandom(host.memory().subarray(target >>> 0, (target >>> 0) + (size >>> 0)));
      return 0;
    },
    _Py_CheckEmscriptenSignals_Helper: () => {
      host.checkInterrupt();
      return 0;
    },
    // The host's time zone must not show: local time is UTC.
    _localtime_js: (time: bigint, target: number) => {
      gmtime(time, target);
      view().setInt32((target >>> 0) + 32, 0, true);
      view().setInt32((target >>> 0) + 36, 0, true);
    },
    _mktime_js: env['_timegm_js'] as WasmFunction,
    _tzset_js: (timezone: number, daylight: number, standardName: number, daylightName: number) => {
      view().setInt32(timezone >>> 0, 0, true);
      view().setInt32(daylight >>> 0, 0, true);
      for (const name of [standardName, daylightName]) {
        host.memory().set([0x55, 0x54, 0x43, 0], name >>> 0);
      }
    },
    __syscall_getuid32_js: () => 1000,
    __syscall_umask_js: () => 0o22,
  };
  // These act on the host process itself, so they are ours once the boot is over (booting never calls them).
  const sealedOnly: Record<string, WasmFunction> = {
    proc_exit: exit,
    exit,
    _abort_js: () => {
      throw new Stop('error', 'SystemExit', 'the program aborted the process');
    },
    // The last call before the C library ends the process after a fatal signal.
    _emscripten_runtime_keepalive_clear: () => {
      throw new Stop('error', 'SystemExit', 'the program killed the process');
    },
    _setitimer_js: () => 0,
    _emscripten_system: () => -ENOSYS,
    getaddrinfo: () => EAI_FAIL,
    getnameinfo: () => EAI_FAIL,
    getprotobyname: () => 0,
  };
  for (const name of Object.keys(replaced)) if (name in env) env[name] = replaced[name];
  for (const [name, original] of Object.entries(env)) {
    if (typeof original !== 'function' || name in replaced || OPEN.has(name)) continue;
    if (isWasmFunction(original)) continue;
    env[name] = gate(name, original as WasmFunction, sealedOnly[name] ?? closed(name), host);
  }
}

function gate(name: string, original: WasmFunction, sealed: WasmFunction, host: Host): WasmFunction {
  const gated = (...args: never[]): unknown => (host.sealed ? sealed(...args) : original(...args));
  // Emscripten reads the signature when it puts an import into the function table.
  return Object.assign(gated, { sig: (original as { sig?: string }).sig, importName: name });
}

function closed(name: string): WasmFunction {
  if (name.startsWith('__syscall_')) return () => -ENOSYS;
  return () => {
    throw new Stop('error', 'PermissionError', `the sandbox has no ${name}`);
  };
}

/** Exported WebAssembly functions print as native code with a numeric name; wrapping them would only cost time. */
function isWasmFunction(value: unknown): boolean {
  return typeof value === 'function' && /^\d+$/.test((value as { name: string }).name);
}
