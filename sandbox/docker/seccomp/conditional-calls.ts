/** A condition on one argument: its bits under `mask` are exactly `value`. Arguments count from 0. */
export interface Condition {
  readonly argument: number;
  readonly mask: number;
  readonly value: number;
}

/** A call that may be made where every condition holds; several entries for one call are alternatives. */
export interface ConditionalCall {
  readonly why: string;
  readonly call: string;
  readonly when: readonly Condition[];
}

/** The kernel takes these arguments as 32-bit numbers, whatever stands in the upper half of the register. */
const whole = 0xffff_ffff;
const is = (argument: number, value: number): Condition => ({ argument, mask: whole, value });

/** Mounts, control groups, host and domain name, interprocess objects, users, processes, network (`CLONE_NEW…`). */
const namespaceFlags =
  0x0002_0000 + 0x0200_0000 + 0x0400_0000 + 0x0800_0000 + 0x1000_0000 + 0x2000_0000 + 0x4000_0000;

const family = { unix: 1, internet: 2, internet6: 10, netlink: 16 } as const;
/** The lower four bits; above are only the flags that close it on execution and that do not wait. */
const kindMask = 0xf;
const stream = 1;
const datagram = 2;
const protocol = { usual: 0, tcp: 6, udp: 17, route: 0 } as const;

const internetSockets: readonly ConditionalCall[] = [family.internet, family.internet6].flatMap((domain) =>
  (
    [
      [stream, protocol.usual],
      [stream, protocol.tcp],
      [datagram, protocol.usual],
      [datagram, protocol.udp],
    ] as const
  ).map(([kind, number]) => ({
    why: 'TCP and UDP: servers on the loopback device, and programs that expect an unreachable network as an answer.',
    call: 'socket',
    when: [is(0, domain), { argument: 1, mask: kindMask, value: kind }, is(2, number)],
  })),
);

/** Calls that are harmless with some arguments only. */
export const conditionalCalls: readonly ConditionalCall[] = [
  {
    why: 'Processes and threads without a namespace of their own; a user namespace would open the kernel to its "root".',
    call: 'clone',
    when: [{ argument: 0, mask: namespaceFlags, value: 0 }],
  },
  {
    why: 'Sockets between the processes of one container.',
    call: 'socket',
    when: [is(0, family.unix)],
  },
  {
    why: 'Pairs of them: how Node, asyncio and multiprocessing speak to child processes.',
    call: 'socketpair',
    when: [is(0, family.unix)],
  },
  ...internetSockets,
  {
    why: 'Asking which network devices there are (getifaddrs, os.networkInterfaces); to change one takes a capability.',
    call: 'socket',
    when: [is(0, family.netlink), is(2, protocol.route)],
  },
  {
    why: 'The usual personality. The others turn protections of the own process off.',
    call: 'personality',
    when: [is(0, 0)],
  },
  { why: 'Asking for the personality.', call: 'personality', when: [is(0, whole)] },
];
