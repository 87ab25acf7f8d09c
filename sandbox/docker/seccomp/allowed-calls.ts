/** System calls that serve one purpose, and why programs here may make them. */
export interface CallGroup {
  readonly why: string;
  /** Names as the kernel's tables have them, separated by blanks; one that an architecture lacks is passed over there. */
  readonly calls: string;
}

/**
 * What interpreters, shells, compilers, SQLite and git need, whatever the arguments; what depends on arguments is in
 * `conditional-calls.ts`. What is neither here nor there is refused. A call that takes a capability in every form is left out
 * even where the kernel would refuse it by itself: code that cannot be entered cannot be wrong.
 */
export const allowedCalls: readonly CallGroup[] = [
  {
    why: 'Reading, writing and placing bytes of open files.',
    calls: `read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range dup dup2 dup3
      fcntl ioctl flock ftruncate truncate fallocate fadvise64 readahead pipe pipe2 sendfile copy_file_range splice tee`,
  },
  {
    why: 'To make a file durable (SQLite, git). The calls that flush the disks of the whole machine are left out.',
    calls: 'fsync fdatasync sync_file_range msync',
  },
  {
    why: 'Opening, naming and looking at files; whose they are decides the kernel.',
    calls: `open openat openat2 creat access faccessat faccessat2 stat lstat fstat newfstatat statx statfs fstatfs getdents
      getdents64 readlink readlinkat getcwd chdir fchdir mkdir mkdirat rmdir link linkat symlink symlinkat unlink unlinkat
      rename renameat renameat2 umask mknod mknodat`,
  },
  {
    why: 'Modes, owners, times and attributes, which tar, git and the copying functions of interpreters keep.',
    calls: `chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat getxattr lgetxattr
      fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr`,
  },
  {
    why: 'Waiting for files, timers and changes in directories: every event loop.',
    calls: `poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd
      eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime inotify_init inotify_init1
      inotify_add_watch inotify_rm_watch`,
  },
  {
    why: 'Memory of the own process, with protection keys (V8) and files that have no name.',
    calls: `brk mmap munmap mremap mprotect madvise mincore mlock mlock2 mlockall munlock munlockall pkey_alloc pkey_free
      pkey_mprotect memfd_create`,
  },
  {
    why: 'Processes: to start, replace, await and end them. That they come in no namespace of their own is a condition.',
    calls: `fork vfork execve execveat exit exit_group wait4 waitid pidfd_open pidfd_send_signal getpid getppid gettid
      getpgid getpgrp setpgid getsid setsid`,
  },
  {
    why: 'Threads and their locks.',
    calls: 'futex futex_waitv set_robust_list set_tid_address rseq membarrier arch_prctl prctl',
  },
  {
    why: 'Signals; who may send one to whom decides the kernel.',
    calls: `kill tkill tgkill pause rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait
      rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack restart_syscall`,
  },
  {
    why: 'Reading clocks, sleeping and being woken. Setting a clock is left out.',
    calls: `clock_gettime clock_getres gettimeofday time times nanosleep clock_nanosleep alarm getitimer setitimer
      timer_create timer_settime timer_gettime timer_getoverrun timer_delete`,
  },
  {
    why: 'Processors and priorities: runtimes count the processors they may use, and programs may step back.',
    calls: `sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler
      sched_setscheduler sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval
      getpriority setpriority getcpu`,
  },
  {
    why: 'What a process is and may use. The supervisor of a warm container changes users with these before a program begins.',
    calls: `getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid setresgid
      setfsuid setfsgid setgroups capget capset getrlimit setrlimit prlimit64 getrusage sysinfo uname getrandom`,
  },
  {
    why: 'Using a socket that there is; which kinds there can be is a condition.',
    calls: `bind listen accept accept4 connect getsockname getpeername getsockopt setsockopt sendto sendmsg sendmmsg recvfrom
      recvmsg recvmmsg shutdown`,
  },
  {
    why: 'To take more away from oneself.',
    calls: 'seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self',
  },
];

/**
 * Answered as by a kernel that does not have them, so that a C library goes back to the older call. `clone3` is one because its
 * flags lie in memory, where no filter sees them; the others are what libraries try first, or will.
 */
export const absentCalls: CallGroup = {
  why: 'Each has an older call that programs fall back to, and only do so on ENOSYS.',
  calls: `clone3 futex_wake futex_wait futex_requeue map_shadow_stack cachestat mseal setxattrat getxattrat listxattrat
    removexattrat file_getattr file_setattr`,
};
