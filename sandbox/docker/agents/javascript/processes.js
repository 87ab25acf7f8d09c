/** The other processes of this container, from `/proc`: whether any is left, what one has used, and an end to all of them. */
(fs) => {
  const read = (path) => {
    try {
      return fs.readFileSync(path, 'latin1');
    } catch {
      return ''; // it has ended meanwhile
    }
  };
  /** Fields of `/proc/…/stat` after the name, which may contain anything; the first is the state. */
  const statOf = (pid) => {
    const text = read(`/proc/${pid}/stat`);
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  };
  const tickMs = 10; // USER_HZ is 100 on every Linux that containers run on
  return {
    /** Apart from this one, the container's first and `besides`; those that have ended but wait to be collected do not count. */
    count(besides) {
      let found = 0;
      for (const name of fs.readdirSync('/proc')) {
        const pid = Number(name);
        if (!Number.isInteger(pid) || pid === 1 || pid === process.pid || pid === besides) continue;
        const state = statOf(name)[0];
        if (state !== undefined && state !== '' && state !== 'Z' && state !== 'X') found += 1;
      }
      return found;
    },
    /** To every process that this one may signal, apart from itself and the container's first. */
    killAll() {
      try {
        process.kill(-1, 'SIGKILL');
      } catch {
        // there is none
      }
    },
    /** Address space that a process has, bytes. */
    addressBytes: (pid) => (Number(read(`/proc/${pid}/statm`).split(' ')[0]) || 0) * 4096,
    /** A living process with the children it has collected, or, with `ended`, all that this process has collected. */
    usage(pid, ended) {
      const stat = statOf(pid);
      const number = (index) => Number(stat[index] ?? 0) || 0;
      const own = ended ? 0 : 1;
      const peak = /VmHWM:\s+(\d+)/u.exec(ended ? '' : read(`/proc/${pid}/status`));
      return {
        cpuMs: (own * (number(11) + number(12)) + number(13) + number(14)) * tickMs,
        peakBytes: peak === null ? 0 : Number(peak[1]) * 1024,
        minorFaults: own * number(7) + number(8),
        majorFaults: own * number(9) + number(10),
      };
    },
  };
};
