/**
 * Ends everything of an execution's user, and tells whether anything of the execution is left in the container; its work
 * directory is emptied first, by its own user.
 */
(fs, spawn, processes) => {
  const isEmpty = (directory) => {
    try {
      return fs.readdirSync(directory).length === 0;
    } catch (error) {
      return error.code === 'ENOENT';
    }
  };
  /** True when the shell did what it was told. */
  const runShell = (command, user) =>
    new Promise((resolve) => {
      const options = { stdio: 'ignore', env: {}, ...(user === null ? {} : { uid: user, gid: user }) };
      const child = spawn('/bin/sh', ['-c', command], options);
      child.on('error', () => resolve(false));
      child.on('exit', (exitCode) => resolve(exitCode === 0));
    });
  const wipe = async (user) => {
    if (!isEmpty('/work')) await runShell('rm -rf /work/* /work/.[!.]* /work/..?*', user);
  };
  const queues = ['msg', 'sem', 'shm'];
  const hasQueue = (name) => {
    try {
      return fs.readFileSync(`/proc/sysvipc/${name}`, 'latin1').trim().split('\n').length > 1;
    } catch {
      return false; // not in this kernel
    }
  };
  const directories = ['/work', '/dev/shm', '/dev/mqueue'];
  return {
    /**
     * Kills every process of a user at one moment, so that none escapes by forking; false when that could not be done.
     * That there was none to kill is no failure.
     */
    endUser: (user) => runShell('kill -9 -1 2>/dev/null; :', user),
    /** `besides`: a process that is not of the execution, or 0. */
    async isClean(user, besides) {
      await wipe(user);
      return processes.count(besides) === 0 && directories.every(isEmpty) && !queues.some(hasQueue);
    },
  };
};
