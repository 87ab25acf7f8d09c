import { describe, expect, it } from 'vitest';
import { absentCalls, allowedCalls } from '../../../../sandbox/docker/seccomp/allowed-calls.ts';
import { chosenProfile } from '../../../../sandbox/docker/seccomp/chosen-profile.ts';
import { conditionalCalls } from '../../../../sandbox/docker/seccomp/conditional-calls.ts';
import { ownProfile, ownProfileText } from '../../../../sandbox/docker/seccomp/profile.ts';
import { callNumbers } from './call-numbers.ts';

const named = ownProfile.syscalls.flatMap(({ names }) => names);
/** On x86-64, where there are the most. */
const refused = `_sysctl acct add_key adjtimex afs_syscall bpf chroot clock_adjtime clock_settime create_module delete_module
  epoll_ctl_old epoll_wait_old fanotify_init fanotify_mark finit_module fsconfig fsmount fsopen fspick
  get_kernel_syms get_mempolicy get_robust_list get_thread_area getpmsg init_module io_cancel io_destroy
  io_getevents io_pgetevents io_setup io_submit io_uring_enter io_uring_register io_uring_setup ioperm iopl
  ioprio_get ioprio_set kcmp kexec_file_load kexec_load keyctl listmount listns lookup_dcookie lsm_get_self_attr
  lsm_list_modules lsm_set_self_attr mbind memfd_secret migrate_pages modify_ldt mount mount_setattr move_mount
  move_pages mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd
  name_to_handle_at nfsservctl open_by_handle_at open_tree open_tree_attr perf_event_open pidfd_getfd pivot_root
  process_madvise process_mrelease process_vm_readv process_vm_writev ptrace putpmsg query_module quotactl
  quotactl_fd reboot remap_file_pages request_key security semctl semget semop semtimedop set_mempolicy
  set_mempolicy_home_node set_thread_area setdomainname sethostname setns settimeofday shmat shmctl shmdt shmget
  statmount swapoff swapon sync syncfs sysfs syslog tuxcall umount2 unshare uselib userfaultfd ustat vhangup
  vmsplice vserver`;
const grouped = [...allowedCalls, absentCalls].flatMap(({ calls }) => calls.split(/\s+/));

/** Whether a call with these arguments is let through, by the rules as an engine reads them. */
function allows(name: string, ...given: readonly bigint[]): boolean {
  return ownProfile.syscalls.some(
    ({ names, action, args = [] }) =>
      action === 'SCMP_ACT_ALLOW' &&
      names.includes(name) &&
      args.every(({ index, value, valueTwo }) => ((given[index] ?? 0n) & BigInt(value)) === BigInt(valueTwo)),
  );
}

describe('the seccomp profile', () => {
  it('names only calls that there are, each once or with conditions', () => {
    // An engine passes over a name that it does not know: a slip of the pen would be a refused call.
    expect(named.filter((name) => !callNumbers.x86_64.has(name))).toEqual([]);
    expect(grouped.filter((name, index) => grouped.indexOf(name) !== index)).toEqual([]);
    expect(conditionalCalls.map(({ call }) => call).filter((call) => grouped.includes(call))).toEqual([]);
    expect([...callNumbers.aarch64.keys()].filter((name) => !callNumbers.x86_64.has(name))).toEqual([]);
  });

  it('gives a reason for every group and every condition', () => {
    const reasons = [...allowedCalls, absentCalls, ...conditionalCalls].map(({ why }) => why);
    expect(reasons.filter((why) => why.length < 20)).toEqual([]);
  });

  it('refuses what it does not name, on two architectures without their older forms', () => {
    expect(ownProfile.defaultAction).toBe('SCMP_ACT_ERRNO');
    expect(ownProfile.archMap).toEqual([
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
    ]);
  });

  it('leaves out what reaches other processes, the machine, and whatever outlives a process', () => {
    const left = [...callNumbers.x86_64.keys()].filter((name) => !named.includes(name)).sort();
    expect(left).toEqual(refused.split(/\s+/));
  });

  it('lets a process be made in no namespace of its own', () => {
    const child = 17n; // SIGCHLD
    const thread = 0x3d_0f00n; // what a C library asks for
    expect([allows('clone', child), allows('clone', thread)]).toEqual([true, true]);
    const kinds = [
      0x2_0000n,
      0x200_0000n,
      0x400_0000n,
      0x800_0000n,
      0x1000_0000n,
      0x2000_0000n,
      0x4000_0000n,
    ];
    for (const kind of kinds) {
      expect([allows('clone', kind | child), allows('clone', kind | thread)]).toEqual([false, false]);
      expect(allows('clone', (1n << 40n) | kind)).toBe(false);
    }
  });

  it('lets sockets be made within the container, of TCP and of UDP, and to ask for network devices', () => {
    const flags = 0x8_0800n; // closed on execution, never waiting
    const kinds = { stream: 1n, datagram: 2n, raw: 3n, packets: 5n };
    for (const domain of [2n, 10n]) {
      expect(allows('socket', domain, kinds.stream | flags, 0n)).toBe(true);
      expect(allows('socket', domain, kinds.stream, 6n)).toBe(true);
      expect(allows('socket', domain, kinds.datagram | flags, 17n)).toBe(true);
      expect(allows('socket', domain, kinds.raw, 1n)).toBe(false);
      expect(allows('socket', domain, kinds.stream, 132n)).toBe(false); // SCTP
      expect(allows('socket', domain, kinds.datagram, 1n)).toBe(false); // ICMP
      expect(allows('socket', domain, kinds.packets, 0n)).toBe(false);
      expect(allows('socketpair', domain, kinds.stream, 0n)).toBe(false);
    }
    expect([allows('socket', 1n, kinds.packets, 0n), allows('socketpair', 1n, kinds.stream)]).toEqual([
      true,
      true,
    ]);
    expect(allows('socket', 16n, kinds.raw, 0n)).toBe(true);
    expect(allows('socket', 16n, kinds.raw, 12n)).toBe(false); // the packet filter's
    const domains = Array.from({ length: 64 }, (_, domain) => domain);
    expect(domains.filter((domain) => allows('socket', BigInt(domain), kinds.stream, 0n))).toEqual([
      1, 2, 10, 16,
    ]);
    expect(allows('socket', (1n << 32n) | 40n, kinds.stream, 0n)).toBe(false);
  });

  it('lets a process ask for its personality and keep the usual one', () => {
    expect([0n, 0xffff_ffffn, 0x004_0000n, 8n].map((wanted) => allows('personality', wanted))).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('is what containers get unless the settings name the engine’s or another one', () => {
    expect(chosenProfile({ seccompProfile: null })).toBe(ownProfileText);
    expect(chosenProfile({ seccompProfile: 'engine' })).toBeNull();
    expect(chosenProfile({ seccompProfile: '{"defaultAction":"SCMP_ACT_ALLOW"}' })).toBe(
      '{"defaultAction":"SCMP_ACT_ALLOW"}',
    );
  });
});
